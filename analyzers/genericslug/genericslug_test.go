package genericslug

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruletest"
)

func TestAnalyzer(t *testing.T) {
	t.Parallel()
	own := ruletest.Run(t, Rule, "testdata", "./...")
	more := ruletest.Run(t, Rule, "../newpool/testdata", "testdata/*.txtar") // with more libraries
	ruletest.Page(t, Rule, own, more)
}

func TestGeneric(t *testing.T) {
	t.Parallel()
	v := vocabulary{words: []string{"contoso"}}
	for name, want := range map[string]bool{
		"test":                                 true,
		"Acme Inc":                             true,
		"tenant-1":                             true,
		"tenant-a":                             true,
		"org1":                                 true,
		"test_tenant":                          true,
		"testTenant":                           true,
		"acme.example.com":                     true,
		"contoso":                              true,
		"00000000-0000-0000-0000-000000000000": true,
		"11111111-1111-1111-1111-111111111111": true,
		"00000000-0000-0000-0000-000000000001": true,
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8": false,
		"overdue-invoices":                     false,
		"acme-overdue":                         false,
		"t1":                                   true,
		"O-2":                                  true,
		"a1b2":                                 false,
		"t2026":                                false,
		"a":                                    false,
		"1":                                    false,
		"":                                     false,
	} {
		if got := v.generic(name); got != want {
			t.Errorf("generic(%q) = %t", name, got)
		}
	}
}

func TestFinishNamesThePackagesThatShareASlug(t *testing.T) {
	t.Parallel()
	const instead = `"a-" + t.Name()`
	found := []finding.Located{
		{Key: "acme", Data: generic{Name: "Slug", Value: "acme", Instead: instead}, Severity: finding.Warning},
		{Key: "demo", Data: generic{Name: "Slug", Value: "demo", Instead: instead}, Severity: finding.Warning},
	}
	got := finish(found, []finding.Evidence{
		{Key: "acme", Data: user("example.test/a")},
		{Key: "acme", Data: user("example.test/a_test")},
		{Key: "acme", Data: user("example.test/b")},
		{Key: "demo", Data: user("example.test/a")},
	})
	want := `generic Slug "acme" is shared by the packages a and b; make it unique: "a-" + t.Name()`
	if message := got[0].Data.Message(); message != want || got[0].Severity != finding.Error {
		t.Errorf("got %s: %s\nwant %s", got[0].Severity, message, want)
	}
	want = `generic Slug "demo" is used on a shared database, where the next test may pick it too; make it unique: "a-" + t.Name()`
	if message := got[1].Data.Message(); message != want || got[1].Severity != finding.Warning {
		t.Errorf("a slug of one package: got %s: %s\nwant %s", got[1].Severity, message, want)
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	for want, paths := range map[string][]string{
		"a b":     {"example.test/a", "example.test/b"},
		"a/x b/x": {"example.test/svc/a/x", "example.test/svc/b/x"},
		"svc/a b": {"example.test/svc/a", "example.test/b"},
		"a/b c":   {"a/b", "c"},
		"a b ":    {"a", "b"},
	} {
		if got := strings.Join(apart(paths), " "); got != strings.TrimSpace(want) {
			t.Errorf("apart(%q) = %q", paths, got)
		}
	}
}
