package testdb

import (
	"strings"
	"testing"
)

// Whatever a connection string is, what is wrong with it is told without its text.
func FuzzConfig(f *testing.F) {
	for _, dsn := range []string{
		"postgres://app:SECRET@db:5432/shop?sslmode=disable", "postgres://app:12/SECRET@db/shop", "host=db password='SECRET", "SECRET", "postgres://[::1/SECRET",
	} {
		f.Add(dsn)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		_, err := Database{URL: dsn, Source: "-dsn"}.Config("fuzz")
		if err != nil && strings.Contains(dsn, "SECRET") && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v", dsn, err)
		}
	})
}
