package packaging

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/drivertest"
)

// A block is fenced code in a page.
type block struct{ page, language, code string }

var fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

func blocks(t *testing.T) []block {
	t.Helper()
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "testpool/*.md"} {
		found, err := filepath.Glob(filepath.Join(drivertest.Root(t), pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	var all []block
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
			all = append(all, block{filepath.Base(page), m[1], m[2]})
		}
	}
	if len(all) == 0 {
		t.Fatal("no code in the pages")
	}
	return all
}

func TestYAMLOfPagesParses(t *testing.T) {
	t.Parallel()
	for _, b := range blocks(t) {
		var content any
		if b.language != "yaml" {
			continue
		}
		if err := yaml.Unmarshal([]byte(b.code), &content); err != nil {
			t.Errorf("%s: %v", b.page, err)
		}
	}
}

// invocation matches a run of the command in a shell or a workflow.
var invocation = regexp.MustCompile(`(?m)(?:^|[;&|$(>-] *|run: |run )(?:poollint|github\.com/poollint/poollint/cmd/poollint@\S+)((?: +[^ #\n;&|)]+)*)`)

// Every flag that the pages write is one that the command has.
func TestFlagsOfPagesExist(t *testing.T) {
	t.Parallel()
	helps := map[string]string{} // by subcommand
	help := func(command string) string {
		if _, ok := helps[command]; !ok {
			args := strings.Fields(command + " -h")
			out := drivertest.Run(t, t.TempDir(), drivertest.Poollint, args...)
			helps[command] = out.Stdout + out.Stderr
		}
		return helps[command]
	}
	var names []string
	for _, rule := range poollint.Analyzers() {
		names = append(names, rule.Name)
	}
	ofRule := regexp.MustCompile(`^-(` + strings.Join(names, "|") + `)\.`)
	for _, b := range blocks(t) {
		for _, m := range invocation.FindAllStringSubmatch(b.code, -1) {
			if strings.Contains(m[1], "-V=full") || strings.Contains(m[1], ".cfg") {
				continue // the go command's protocol
			}
			words := strings.Fields(m[1])
			command := ""
			if len(words) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(words[0]) {
				command = words[0]
			}
			for _, word := range words {
				if word == "--" {
					break // what follows is another command's
				}
				name, _, _ := strings.Cut(word, "=")
				if !strings.HasPrefix(name, "-") || ofRule.MatchString(name) {
					continue
				}
				if !regexp.MustCompile(`(?m)(^|\s)-?` + regexp.QuoteMeta(name) + `\b`).MatchString(help(command)) {
					t.Errorf("%s: poollint %s has no flag %s", b.page, command, name)
				}
			}
		}
	}
}
