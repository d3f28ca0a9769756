package showschema

import (
	"testing"

	"github.com/poollint/poollint/internal/schema"
)

// Databases of one directory have names of their own, those of others the directory's.
func TestNameApart(t *testing.T) {
	t.Parallel()
	of := func(path string) *schema.Database {
		return &schema.Database{Tables: []*schema.Table{{Name: "a", Path: path}}}
	}
	all := []Database{{Name: "migrations"}, {Name: "migrations"}, {Name: "db"}}
	nameApart(all, []*schema.Database{of("migrations/1.sql"), of("migrations/2.go"), of("db/1.sql")})
	for i, want := range []string{"migrations (.sql)", "migrations (.go)", "db"} {
		if all[i].Name != want {
			t.Errorf("%s, not %s", all[i].Name, want)
		}
	}
}
