package poollint_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
)

const module = "github.com/poollint/poollint"

// Caches know what rules read only if they read through config.Files.
func TestRulesReadThroughConfigOnly(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if !strings.HasPrefix(words[0], module) {
			continue
		}
		const config, snapshot = module + "/internal/config", module + "/internal/snapshot"
		if words[0] == config || words[0] == snapshot { // by which config knows files again
			seen = seen || words[0] == config
			continue
		}
		for _, forbidden := range []string{"os", "io/ioutil", "os/exec", "net", "net/http", "syscall", snapshot} {
			if slices.Contains(words[1:], forbidden) {
				t.Errorf("%s imports %s; read files through config.Files", words[0], forbidden)
			}
		}
	}
	if !seen {
		t.Errorf("no rule reads a configuration:\n%s", out)
	}
}

func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	if err := analysis.Validate(poollint.Analyzers()); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, rule := range poollint.Analyzers() {
		names = append(names, rule.Name)
		if !strings.HasPrefix(rule.Doc, rule.Name+" ") {
			t.Errorf("%s: the page begins with %.30q", rule.Name, rule.Doc)
		}
		for _, required := range []*analysis.Analyzer{directive.Analyzer, config.Analyzer} {
			if !slices.Contains(rule.Requires, required) {
				t.Errorf("%s does not require %s", rule.Name, required.Name)
			}
		}
	}
	if !slices.Equal(names, directive.Names) {
		t.Errorf("directives may name %v, the rules are %v", directive.Names, names)
	}
}

// The pages that list the rules list them all.
func TestPagesNameTheRules(t *testing.T) {
	t.Parallel()
	for file, entry := range map[string]string{
		"README.md":    "(docs/rules/%s.md)",
		"docs/nogo.md": "//analyzers/%s\"",
		".github/ISSUE_TEMPLATE/false-positive.yml": " %s",
		".github/ISSUE_TEMPLATE/miss.yml":           " %s",
	} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range poollint.Analyzers() {
			text := fmt.Sprintf(entry, rule.Name)
			if !strings.Contains(strings.ReplaceAll(string(page), "[", " "), text) {
				t.Errorf("%s does not have %s", file, text)
			}
		}
	}
}
