package budget

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestShapes holds the bound of each shape of test that is generated, alone and with fixed numbers, to
// what testdata/property/bounds.txt says. Whether it is one, TestBoundHolds shows.
func TestShapes(t *testing.T) {
	t.Parallel()
	named := map[string]shape{}
	var order []string
	add := func(s shape) { named[s.name], order = s, append(order, s.name) }
	for _, s := range slices.Concat(shapes, hidden, boundless, testifySuites, specs) {
		add(shape{s.name, helperFuncs + sharing[0] + s.code})
	}
	for i, code := range sharing {
		add(shape{fmt.Sprintf("shared, way %d", i+1), helperFuncs + code + "\nfunc TestShared(t *testing.T) { hold.DB(t, Shared(t)) }\n\nfunc TestToo(t *testing.T) { hold.DB(t, Shared(t)) }\n"})
	}
	numbers := strings.NewReplacer("‹N›", "2", "‹K›", "3", "‹X›", "Shape", "‹H›", "")
	var all []*suite
	for i, name := range order {
		pkg := fmt.Sprintf("shape%d", i)
		s := &suite{packages: []string{pkg}, shapes: []string{name}}
		s.files = map[string]string{pkg + "/shape_test.go": "package " + pkg + "\n" + imports + numbers.Replace(named[name].code)}
		all = append(all, s)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	layOut(t, dir, all)
	records, failures, err := read(context.Background(), Analysis{Dir: dir, Patterns: []string{"./..."}}, nil, "")
	if err != nil || len(failures) > 0 {
		t.Fatal(err, failures)
	}
	var got strings.Builder
	for _, s := range all {
		fmt.Fprintf(&got, "%s: %s\n", s.shapes[0], boundOf(of(s, records)))
	}
	want, err := os.ReadFile("testdata/property/bounds.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s", &got)
	}
}

// boundOf returns the bound of records, or why there is none.
func boundOf(all []record) string {
	report := plan(Run{Packages: 2, Parallel: 2, CPUs: 2, Limit: 97, Count: 1}, all, filepath.Base)
	var bounds []string
	for _, s := range report.Servers {
		bound := s.Need.short()
		for i, r := range s.Reasons {
			bound += []string{" because ", "; "}[min(i, 1)] + r.What
		}
		bounds = append(bounds, bound)
	}
	return strings.Join(bounds, ", ")
}
