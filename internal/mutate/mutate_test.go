package main

import (
	"go/format"
	"slices"
	"strings"
	"testing"
)

func TestMutants(t *testing.T) {
	t.Parallel()
	const source = `package p

const most = 3

func (T) String() string { return "" + "a" }

func f(a, b int) bool {
	if a < b && b != 2 {
		g()
		a += 1
		return true
	}
	for a >= b {
		b++
		continue
	}
	return a+b == 0
}
`
	want := []string{
		`8: "a < b && b != 2" → "!(a < b && b != 2)"`, `8: "<" → "<="`, `8: "&&" → "||"`, `8: "!=" → "=="`, `8: "2" → "3"`,
		`9: "g()" → ""`, `10: "a += 1" → ""`, `10: "1" → "2"`, `11: "true" → "false"`, `11: "return true" → ""`,
		`13: ">=" → ">"`, `14: "b++" → ""`, `15: "continue" → ""`, `15: "" → "if true { return }; "`,
		`17: "==" → "!="`, `17: "+" → "-"`, `17: "0" → "1"`, `17: "return a+b == 0" → ""`,
	}
	all, err := mutantsOf("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		got = append(got, strings.TrimPrefix(m.String(), "p.go:"))
		changed := m.apply([]byte(source))
		if _, err := format.Source(changed); err != nil || string(changed) == source {
			t.Errorf("%v: %v in\n%s", m, err, changed)
		}
	}
	for _, m := range want {
		if !slices.Contains(got, m) {
			t.Errorf("no %s", m)
		}
	}
	for _, m := range got {
		if !slices.Contains(want, m) {
			t.Errorf("unexpected %s", m)
		}
	}
}
