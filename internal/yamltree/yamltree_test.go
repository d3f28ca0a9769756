package yamltree

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func parse(t *testing.T, text string) *Tree {
	t.Helper()
	tree, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestGet(t *testing.T) {
	t.Parallel()
	tree := parse(t, `
base: &base {engine: pg, out: a, deep: {x: 1}}
one: {<<: *base, out: b}
two:
  out: c
  <<: [{engine: lite}, *base]
self: &self {<<: *self, a: b}
alias: *base
list: [a, *base, c]
text: a
`)
	for keys, want := range map[string]string{
		"one engine": "pg", "one out": "b", "one deep x": "1", "two engine": "lite", "two out": "c", "two deep x": "1",
		"self a": "b", "self z": "", "alias engine": "pg", "text z": "", "nowhere": "", "list": "",
	} {
		if got := Text(tree.Get(tree.Root, strings.Fields(keys)...)); got != want {
			t.Errorf("%s: got %q, want %q", keys, got, want)
		}
	}
	if got := fmt.Sprint(Texts(tree.Get(tree.Root, "list")), Texts(tree.Get(tree.Root, "text")), Texts(nil)); got != "[a c] [a] []" {
		t.Errorf("texts: %s", got)
	}
}

// The work does not follow what aliases would unfold to.
func TestBombs(t *testing.T) {
	t.Parallel()
	var lists, merges strings.Builder
	lists.WriteString("a0: &a0 [x]\n")
	merges.WriteString("a0: &a0 {k: x}\n")
	for i := range 100 {
		fmt.Fprintf(&lists, "a%d: &a%[1]d [%s]\n", i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9))
		fmt.Fprintf(&merges, "a%d: &a%[1]d {<<: [%s]}\n", i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9))
	}
	if tree := parse(t, lists.String()); len(Items(tree.Get(tree.Root, "a100"))) != 9 {
		t.Error("the list has not nine items")
	}
	tree := parse(t, merges.String())
	if got := Text(tree.Get(tree.Root, "a100", "k")); got != "x" {
		t.Errorf("got %q", got)
	}
	if got := tree.Get(tree.Root, "a100", "z"); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: b\nc: [":                  "line 2: did not find",
		"a: *b":                       "line 1: unknown anchor 'b' referenced",
		strings.Repeat("[", 200_000):  "line 1: nested too deeply",
		strings.Repeat("- ", 100_000): "line 1: nested too deeply",
		strings.Repeat("#", 300_000):  "line 1: larger than 256 KiB",
		"a: b\n---\nc: d":             "line 3: a second document; write one",
	} {
		_, err := Parse([]byte(text))
		var mistake *Error
		if !errors.As(err, &mistake) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a: &a [*a, {<<: *a}]\nb: {<<: [*a, c]}\n? d\n: e\n")
	f.Add("a: |\n  text\n---\n...\n%YAML 1.2\n")
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := Parse([]byte(text))
		if err != nil {
			return
		}
		for _, item := range Items(tree.Get(tree.Root, "a")) {
			Texts(tree.Get(item, "b", "c"))
		}
	})
}
