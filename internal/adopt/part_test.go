package adopt

import (
	"context"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

const suite = `package a

import "testing"

func TestOne(t *testing.T) { was() }

type env struct{}

func (env) open() { was() }

func TestTwo(t *testing.T) {
	was()
}
`

// found returns a finding for each call that a fix is to replace.
func found(path, text string, by func(n int) string) (all []finding.Located) {
	for n, at := 0, 0; ; n++ {
		i := strings.Index(text[at:], "was()")
		if i < 0 {
			return all
		}
		at += i
		all = append(all, finding.Located{
			Rule:  "newpool",
			Fixes: []finding.Fix{{Edits: []finding.Edit{{Path: path, Start: at, End: at + len("was()"), New: by(n)}}}},
			Pos:   token.Position{Filename: path, Offset: at, Line: 1 + strings.Count(text[:at], "\n")},
		})
		at++
	}
}

// What does not compile stays alone: the function, or the file where that is not the cause.
func TestParts(t *testing.T) {
	for name, c := range map[string]struct {
		fails func(text string) string // where something fails, "" if nothing does
		want  []string                 // functions that change
	}{
		"all is well": {func(string) string { return "" }, []string{"one", "method", "two"}},
		"a function":  {lineOf("is(2)"), []string{"one", "method"}},
		"a method":    {lineOf("is(1)"), []string{"one", "two"}},
		"two":         {lineOf("is(0)", "is(2)"), []string{"method"}},
		"outside of functions": {func(text string) string {
			if strings.Contains(text, "is(1)") {
				return "3"
			}
			return ""
		}, nil},
		"not by the function": {func(text string) string {
			if strings.Contains(text, "is(") {
				return "5"
			}
			return ""
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a_test.go")
			if err := os.WriteFile(path, []byte(suite), 0o600); err != nil {
				t.Fatal(err)
			}
			old := time.Now().Add(-time.Hour)
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
			analyse := func(_ context.Context, texts map[string][]byte) (*driver.Result, error) {
				text := suite
				if over, ok := texts[path]; ok {
					text = string(over)
				}
				r := &driver.Result{Modules: []string{dir}}
				if line := c.fails(text); line != "" {
					r.Failures = []driver.Failure{{Pos: path + ":" + line + ":2", Message: "undefined: x at " + line}}
					return r, nil
				}
				names := []string{"is(0)", "is(1)", "is(2)"}
				r.Findings = found(path, text, func(n int) string { return missing(text, names)[n] })
				return r, nil
			}
			result, err := Run(t.Context(), Options{Mode: Plain, Analyse: analyse})
			if err != nil {
				t.Fatal(err)
			}
			text := string(result.Files()[path])
			for i, function := range []string{"one", "method", "two"} {
				want := slices.Contains(c.want, function)
				if got := strings.Contains(text, "is("+strconv.Itoa(i)+")"); got != want {
					t.Errorf("%s: changed %v, want %v in\n%s", function, got, want, text)
				}
			}
		})
	}
}

// missing returns the names that a text does not have yet.
func missing(text string, names []string) (all []string) {
	for _, name := range names {
		if !strings.Contains(text, name) {
			all = append(all, name)
		}
	}
	return all
}

// lineOf fails at the first line that has one of the texts.
func lineOf(bad ...string) func(string) string {
	return func(text string) string {
		for i, line := range strings.Split(text, "\n") {
			for _, b := range bad {
				if strings.Contains(line, b) {
					return strconv.Itoa(i + 1)
				}
			}
		}
		return ""
	}
}
