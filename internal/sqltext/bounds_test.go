package sqltext_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/passtest"
	"github.com/poollint/poollint/internal/sqltext"
)

// hostile is code that grows what is known of it as fast as it can.
func hostile() string {
	var b strings.Builder
	b.WriteString("package hostile\n\ntype db interface { Exec(query string, args ...any) error }\n")
	b.WriteString("type conf struct { a, b, c string; list []string }\n")
	repeat := func(name, params, before, line, after string) {
		fmt.Fprintf(&b, "func %s(d db%s) {\n%s\n", name, params, before)
		for i := range 60 {
			b.WriteString(strings.ReplaceAll(line, "#", fmt.Sprint(i)) + "\n")
		}
		b.WriteString(after + "\n}\n")
	}
	repeat("doubled", "", `s := "SELECT 1 "`, "s = s + s", "d.Exec(s)")
	repeat("doubledList", "", `l := []string{"a"}`, "l = append(l, l...)", "for _, s := range l { d.Exec(s) }")
	repeat("branches", ", n int", `s := "SELECT 1 "`, `if n > # { s += "a" } else { s = "b" + s }`, "d.Exec(s)")
	repeat("fields", ", n int", `var c conf`,
		`switch n { case #: c.a += "x"; case 100: c.b += c.a; case 101: c.c = c.b; case 102: c.list = append(c.list, c.a) }`,
		"d.Exec(c.a + c.b + c.c)\nfor _, s := range c.list { d.Exec(s) }")
	repeat("closures", ", n int", `f := func(s string) string { return s }`,
		"f = func(g func(string) string) func(string) string { return func(s string) string { if n > # { return g(s) + g(s) }; return g(s) } }(f)",
		`d.Exec(f("SELECT 1"))`)
	repeat("loops", ", m map[string][]string", `s := "SELECT 1"`, "for _, l := range m { for _, x := range l { s += x + s } }", "d.Exec(s)")
	for i := range 40 {
		fmt.Fprintf(&b, "func chain%d(s string) string { if len(s) > %d { return chain%d(s) + chain%d(s) }; return chain%d(s) }\n", i, i, i+1, i+1, i+1)
	}
	b.WriteString("func chain40(s string) string { return s }\nfunc run(d db) { d.Exec(chain0(\"SELECT 1\")) }\n")
	return b.String()
}

func TestHostileCode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/hostile\n\ngo 1.26\n", "hostile.go": hostile()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	passtest.Analyse(t, sqltext.Analyzer, dir, ".")
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
}
