package config

import "testing"

func TestMatchPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"legacy", "legacy/a/b.go", true},
		{"legacy", "legacy.go", false},
		{"legacy", "x/legacy/a.go", false},
		{"./legacy/", "legacy/a.go", true},
		{"legacy/...", "legacy/a/b.go", true},
		{"legacy/**", "legacy/a/b.go", true},
		{"legacy/**", "legacy", false},
		{"legacy/*", "legacy/a/b.go", true},
		{"**/legacy", "legacy/a.go", true},
		{"**/legacy", "x/y/legacy/a.go", true},
		{"**/*_gen.go", "a_gen.go", true},
		{"**/*_gen.go", "x/y/a_gen.go", true},
		{"x/**/z.go", "x/z.go", true},
		{"x/**/z.go", "x/y/y/z.go", true},
		{"x/**/z.go", "xz.go", false},
		{"**", "a.go", true},
		{"*.go", "x/a.go", false},
		{"a?b.go", "a-b.go", true},
		{"a?b.go", "a/b.go", false},
		{"[a-c]/x.go", "b/x.go", true},
		{"[^a-c]/x.go", "b/x.go", false},
		{`a\*.go`, "a*.go", true},
		{`a\*.go`, "ab.go", false},
		{`a[\d].go`, "ad.go", true},
		{`a[\d].go`, "a1.go", false},
		{"a+(b).go", "a+(b).go", true},
		{"[z-a].go", "z.go", false},
	} {
		if got := matchPath(test.pattern, test.name); got != test.want {
			t.Errorf("%s matches %s: %t", test.pattern, test.name, got)
		}
	}
}
