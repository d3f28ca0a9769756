// Package packaging tests what hands poollint to others: the GitHub action,
// the pre-commit hook, the snippets of docs/ci.md.
package packaging

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/poollint/poollint/internal/drivertest"
)

func TestMain(m *testing.M) { drivertest.Main(m) }

// leaky is a module with a finding.
var leaky = map[string]string{
	"go.mod": "module example.com/leaky\n\ngo 1.26\n",
	"leaky_test.go": `package leaky

import (
	"database/sql"
	"os"
	"testing"
)

func TestLeaky(t *testing.T) {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(db.Stats())
}
`,
}

type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, If, Uses, Shell, Run string
	Dir                        string `yaml:"working-directory"`
	Env                        map[string]string
	With                       map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(drivertest.Root(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("not a composite action: %+v", a.Runs)
	}
	return a
}

// runner runs the shell steps of the action as GitHub's does.
type runner struct {
	action    action
	workspace string
	temp      string
	inputs    map[string]string
	env       drivertest.Env
}

var expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// expand evaluates the expressions of a value.
func (r *runner) expand(t *testing.T, text string) string {
	return expression.ReplaceAllStringFunc(text, func(match string) string {
		name := expression.FindStringSubmatch(match)[1]
		if name == "runner.temp" {
			return r.temp
		}
		input, isInput := strings.CutPrefix(name, "inputs.")
		declared, ok := r.action.Inputs[input]
		if !isInput || !ok {
			t.Errorf("unknown expression %s", match)
		}
		if value, ok := r.inputs[input]; ok {
			return value
		}
		return declared.Default
	})
}

func (r *runner) run(t *testing.T) (last drivertest.Output) {
	t.Helper()
	paths := filepath.Join(r.temp, "path")
	for _, s := range r.action.Runs.Steps {
		if s.Run == "" {
			continue
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s: an expression inside the script lets an input inject commands; use env", s.Name)
		}
		if s.Shell != "bash" {
			t.Errorf("step %s: shell is %q", s.Name, s.Shell)
		}
		env := append(slices.Clone(r.env), "RUNNER_TEMP="+r.temp, "GITHUB_ACTION_PATH="+drivertest.Root(t), "GITHUB_PATH="+paths, "GITHUB_ACTIONS=true")
		if added, err := os.ReadFile(paths); err == nil {
			env = append(env, "PATH="+strings.Join(strings.Fields(string(added)), ":")+":"+os.Getenv("PATH"))
		}
		for _, name := range slices.Sorted(maps.Keys(s.Env)) {
			env = append(env, name+"="+r.expand(t, s.Env[name]))
		}
		dir := filepath.Join(r.workspace, r.expand(t, s.Dir))
		last = env.Run(t, dir, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		if last.Status != 0 {
			return last
		}
	}
	return last
}

func TestAction(t *testing.T) {
	if testing.Short() {
		t.Skip("installs the module as released")
	}
	t.Parallel()
	workspace := drivertest.Write(t, map[string]string{
		"service/go.mod":        leaky["go.mod"],
		"service/leaky_test.go": leaky["leaky_test.go"],
	})
	r := &runner{
		action:    readAction(t),
		workspace: workspace,
		temp:      t.TempDir(),
		inputs:    map[string]string{"working-directory": "service", "sarif": "true"},
		env:       drivertest.Proxy(t, "v0.1.0"),
	}
	out := r.run(t)
	if out.Status != 1 {
		t.Errorf("exit status %d, want 1\n%s", out.Status, out.Stderr)
	}
	for _, want := range []string{`(?m)^leaky_test\.go:10:`, `(?m)^::(error|warning) file=leaky_test\.go,line=10`} {
		if !regexp.MustCompile(want).MatchString(out.Stdout) {
			t.Errorf("the output lacks %s:\n%s", want, out.Stdout)
		}
	}

	upload := r.action.Runs.Steps[len(r.action.Runs.Steps)-1]
	if !strings.HasPrefix(upload.Uses, "github/codeql-action/upload-sarif@") || !strings.Contains(upload.If, "always()") {
		t.Errorf("the last step does not upload whatever happened: %+v", upload)
	}
	log, err := os.ReadFile(r.expand(t, upload.With["sarif_file"]))
	if err != nil {
		t.Fatal(err)
	}
	validateSARIF(t, log)
}

// The example's workflow does what the names of its steps say.
func TestExampleWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command and lints the example")
	}
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(drivertest.Root(t), ".github", "workflows", "example.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	status := map[string]int{"the good tests pass": 0, "the bad tests do not": 1}
	temp := t.TempDir()
	for _, s := range workflow.Jobs["shop"].Steps {
		if s.Uses != "./" {
			continue
		}
		want, ok := status[s.Name]
		if !ok {
			t.Errorf("a step %q", s.Name)
		}
		delete(status, s.Name)
		r := &runner{action: readAction(t), workspace: drivertest.Root(t), temp: temp, inputs: s.With}
		if out := r.run(t); out.Status != want {
			t.Errorf("%s: exit status %d, want %d\n%s%s", s.Name, out.Status, want, out.Stdout, out.Stderr)
		}
	}
	if len(status) > 0 {
		t.Errorf("no steps %v", status)
	}
}

func TestActionInputs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(drivertest.Root(t), "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, ok := strings.Cut(string(text), "Its inputs: ")
	if !ok {
		t.Fatal("docs/ci.md does not list the action's inputs")
	}
	list, _, _ = strings.Cut(list, ".\n")
	documented := strings.Split(strings.ReplaceAll(list, "`", ""), ", ")
	slices.Sort(documented)
	if declared := slices.Sorted(maps.Keys(readAction(t).Inputs)); !slices.Equal(documented, declared) {
		t.Errorf("docs/ci.md has the inputs %v, action.yml %v", documented, declared)
	}
}
