package dbapi

import "testing"

func TestOriginOfText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Origin{
		":memory:":                         Fake,
		"file::memory:?cache=shared":       Fake,
		"file:test.db?mode=memory":         Fake,
		"/test.db":                         Fake,
		"sqlite3":                          Fake,
		"memory":                           Fake,
		"in-memory":                        Fake,
		"memory leak":                      0,
		"127.0.0.1:1":                      Unreachable,
		"postgres://u@localhost:0/db":      Unreachable,
		"host=invalid port=5432":           Unreachable,
		"bad_uri":                          Unreachable,
		"not a url":                        Unreachable,
		"postgres://u:p@db.example.com/x":  Unreachable,
		"postgres://does-not-exist:5432/x": Unreachable,
		"postgres://localhost:5432/test":   0,
		"postgres://my.db:5432/test":       0,
		"redis://localhost:6379/0":         0,
		"host=localhost port=5432":         0,
		"user:pass@tcp(localhost:3306)/t":  0,
	} {
		if got := OriginOfText(text); got != want {
			t.Errorf("OriginOfText(%q) = %b, want %b", text, got, want)
		}
	}
}
