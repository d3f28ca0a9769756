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

func TestMakesDatabase(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"CREATE DATABASE %s WITH TEMPLATE base":             true,
		"create schema ":                                    true,
		"CREATE SCHEMA IF NOT EXISTS \"":                    true,
		"DROP SCHEMA public CASCADE; CREATE SCHEMA public;": false,
		"CREATE TABLE schema_versions (id int)":             false,
	} {
		if got := MakesDatabase(sql); got != want {
			t.Errorf("MakesDatabase(%q) = %t, want %t", sql, got, want)
		}
	}
}

func TestRowsAreWellFormed(t *testing.T) {
	t.Parallel()
	for name, row := range openers {
		if name.Package() == "" || row.Kind.Own() && row.Limit == nil || !row.Kind.Own() && row.Over == None {
			t.Errorf("row %s lacks a package, a limit or the handle beneath", name)
		}
	}
	if !NewCatalogue([]string{"(*example.com/db.Store).Open"}).has("(example.com/db.Store).Open") {
		t.Error("a configured opener is not in the catalogue")
	}
}

func (c *Catalogue) has(name Name) bool { return c.added[name] != nil }
