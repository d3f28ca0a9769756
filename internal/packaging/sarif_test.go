package packaging

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestSARIF(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the command")
	}
	t.Parallel()
	files := map[string]string{
		"quiet_test.go": strings.NewReplacer("TestLeaky", "TestQuiet",
			"\tdb, err :=", "\t//poollint:ignore newpool,missingcleanup -- shows a suppression\n\tdb, err :=").Replace(leaky["leaky_test.go"]),
	}
	for name, content := range leaky {
		files[name] = content
	}
	out := drivertest.Run(t, drivertest.Write(t, files), drivertest.Poollint, "-format=sarif", "./...")
	if out.Status != 1 {
		t.Fatalf("exit status %d\n%s", out.Status, out.Stderr)
	}
	validateSARIF(t, []byte(out.Stdout))

	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID, HelpURI string
						Help        struct{ Text, Markdown string }
					}
				}
			}
			Results []struct {
				RuleID              string
				PartialFingerprints map[string]string
				Suppressions        []struct{ Kind, Justification string }
				Fixes               []struct{ ArtifactChanges []any }
			}
		}
	}
	if err := json.Unmarshal([]byte(out.Stdout), &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("%d runs", len(log.Runs))
	}
	described := map[string]bool{}
	for _, rule := range log.Runs[0].Tool.Driver.Rules {
		described[rule.ID] = true
		if rule.HelpURI == "" || rule.Help.Text == "" || rule.Help.Markdown == "" {
			t.Errorf("rule %s lacks help", rule.ID)
		}
	}
	suppressed, fixed := 0, 0
	for _, result := range log.Runs[0].Results {
		if !described[result.RuleID] {
			t.Errorf("rule %s is not described", result.RuleID)
		}
		if len(result.PartialFingerprints) == 0 {
			t.Errorf("a result of %s has no fingerprint", result.RuleID)
		}
		for _, s := range result.Suppressions {
			if s.Kind != "inSource" || s.Justification != "shows a suppression" {
				t.Errorf("suppression %+v", s)
			}
			suppressed++
		}
		fixed += len(result.Fixes)
	}
	if suppressed == 0 || fixed == 0 {
		t.Errorf("%d suppressions and %d fixes, want some of both", suppressed, fixed)
	}
}

// validateSARIF holds a log against the schema of SARIF 2.1.0 and, where it is installed
// (npm install -g @microsoft/sarif-multitool), against the rules of Microsoft's multitool
// for GitHub.
func validateSARIF(t *testing.T, log []byte) {
	t.Helper()
	if err := sarifMistakes(t, log); err != nil {
		t.Errorf("SARIF: %v", err)
	}
	multitool, err := exec.LookPath("sarif-multitool")
	if err != nil {
		return
	}
	file := filepath.Join(t.TempDir(), "log.sarif")
	if err := os.WriteFile(file, log, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), multitool, "validate", file, "--rule-kind", "'Sarif;Ghas'").CombinedOutput() // it runs a shell
	if err != nil || !bytes.Contains(out, []byte("completed successfully")) || regexp.MustCompile(`(error|warning) \w+\d:`).Match(out) {
		t.Errorf("SARIF: %v\n%s", err, out)
	}
}

func TestSchemaIsStrict(t *testing.T) {
	t.Parallel()
	if sarifMistakes(t, []byte(`{"version": "2.1.0", "runs": [{"tool": {}}]}`)) == nil {
		t.Error("a log whose tool has no driver passes")
	}
}

// sarifMistakes judges by the published schema, which go-sarif has in a constant.
func sarifMistakes(t *testing.T, log []byte) error {
	t.Helper()
	module := drivertest.Run(t, drivertest.Root(t), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3")
	name := filepath.Join(strings.TrimSpace(module.Stdout), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && text == "" {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sarif.json", decoded(t, text)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(decoded(t, string(log)))
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	drivertest.Decode(t, text, &value)
	return value
}
