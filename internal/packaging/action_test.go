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
	ID                         string
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
	github    map[string]string // the context, in part
	outputs   map[string]string // of steps, as steps.ID.outputs.NAME
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
		if strings.HasPrefix(name, "steps.") {
			return r.outputs[name]
		}
		if key, ok := strings.CutPrefix(name, "github."); ok {
			return r.github[key]
		}
		input, isInput := strings.CutPrefix(name, "inputs.")
		declared, ok := r.action.Inputs[input]
		if !isInput || !ok {
			t.Errorf("unknown expression %s", match)
		}
		if value, ok := r.inputs[input]; ok {
			return value
		}
		return r.expand(t, declared.Default)
	})
}

// run runs the shell steps until one fails.
func (r *runner) run(t *testing.T) (last drivertest.Output) {
	t.Helper()
	for _, s := range r.action.Runs.Steps {
		if s.Run == "" {
			continue
		}
		if last = r.step(t, s); last.Status != 0 {
			return last
		}
	}
	return last
}

// step runs a shell step.
func (r *runner) step(t *testing.T, s step) drivertest.Output {
	t.Helper()
	if strings.Contains(s.Run, "${{") {
		t.Errorf("step %s: an expression inside the script lets an input inject commands; use env", s.Name)
	}
	if s.Shell != "bash" {
		t.Errorf("step %s: shell is %q", s.Name, s.Shell)
	}
	paths, outputs := filepath.Join(r.temp, "path"), filepath.Join(r.temp, "output-"+s.ID)
	env := append(append(trimmed(t), r.env...), "RUNNER_TEMP="+r.temp, "GITHUB_ACTION_PATH="+drivertest.Root(t), "GITHUB_PATH="+paths, "GITHUB_OUTPUT="+outputs, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE="+r.workspace)
	if added, err := os.ReadFile(paths); err == nil {
		env = append(env, "PATH="+strings.Join(strings.Fields(string(added)), ":")+":"+os.Getenv("PATH"))
	}
	for name, value := range r.github {
		env = append(env, "GITHUB_"+strings.ToUpper(name)+"="+value)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		env = append(env, name+"="+r.expand(t, s.Env[name]))
	}
	out := env.Run(t, filepath.Join(r.workspace, r.expand(t, s.Dir)), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	written, _ := os.ReadFile(outputs) // none if the step has none
	if r.outputs == nil {
		r.outputs = map[string]string{}
	}
	for line := range strings.Lines(string(written)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		r.outputs["steps."+s.ID+".outputs."+name] = value
	}
	return out
}

// named returns the step of a name.
func (a action) named(t *testing.T, name string) step {
	t.Helper()
	i := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no step %s", name)
	}
	return a.Runs.Steps[i]
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
	for _, want := range []string{`(?m)^service/leaky_test\.go:10:`, `(?m)^::(error|warning) file=service/leaky_test\.go,line=10`} {
		if !regexp.MustCompile(want).MatchString(out.Stdout) {
			t.Errorf("the output lacks %s:\n%s", want, out.Stdout)
		}
	}
	if got := r.outputs["steps.install.outputs.version"]; got != "v0.1.0" {
		t.Errorf("the version is %q", got)
	}
	if kept, err := os.ReadDir(r.expand(t, r.action.named(t, "Save results").With["path"])); err != nil || len(kept) == 0 {
		t.Errorf("no results to keep: %v", err)
	}

	upload := r.action.named(t, "Upload SARIF")
	if !strings.HasPrefix(upload.Uses, "github/codeql-action/upload-sarif@") || upload.If != "${{ always() && steps.run.outputs.sarif != '' }}" {
		t.Errorf("the log is not uploaded if, and only if, it was written: %+v", upload)
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
	for _, s := range workflow.Jobs["shop"].Steps {
		if s.Uses != "./" {
			continue
		}
		want, ok := status[s.Name]
		if !ok {
			t.Errorf("a step %q", s.Name)
		}
		delete(status, s.Name)
		r := &runner{action: readAction(t), workspace: drivertest.Root(t), temp: t.TempDir(), inputs: s.With}
		if out := r.run(t); out.Status != want {
			t.Errorf("%s: exit status %d, want %d\n%s%s", s.Name, out.Status, want, out.Stdout, out.Stderr)
		}
	}
	if len(status) > 0 {
		t.Errorf("no steps %v", status)
	}
}

// fake stands for poollint: it prints its arguments, a line each, and its cache, and writes a
// log if it is asked to and can.
const fake = `#!/bin/bash
printf '%s\n' "$@" "cache=$POOLLINT_CACHE"
for arg; do
  if [[ "$arg" = sarif=* && "$WRITES" != no ]]; then echo '{}' > "${arg#sarif=}"; fi
done
exit ${STATUS:-1}
`

// faked returns a runner whose poollint is a fake.
func faked(t *testing.T, workspace string, inputs map[string]string, env ...string) *runner {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "poollint"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	return &runner{
		action: readAction(t), workspace: workspace, temp: t.TempDir(), inputs: inputs,
		env: append(env, "PATH="+bin+":"+os.Getenv("PATH"), "POOLLINT_CACHE="),
	}
}

func TestActionArguments(t *testing.T) {
	t.Parallel()
	workspace := t.TempDir()
	const always = "-format text -format github"
	for name, c := range map[string]struct {
		inputs, github map[string]string
		want           string
	}{
		"default":                         {nil, nil, always + " ./... cache=TEMP/poollint-cache"},
		"several lines":                   {map[string]string{"args": "-tags=a,b\n  -severity error\n./a/... ./b\n", "cache": "false"}, nil, always + " -tags=a,b -severity error ./a/... ./b cache="},
		"no pattern of the shell":         {map[string]string{"args": "* $HOME", "cache": "false"}, nil, always + " * $HOME cache="},
		"a revision":                      {map[string]string{"new-from-rev": "v1", "cache": "false"}, map[string]string{"event_name": "pull_request", "base_ref": "main"}, always + " -new-from-rev v1 ./... cache="},
		"a push":                          {map[string]string{"new-from-merge-base": "main", "cache": "false"}, map[string]string{"event_name": "push"}, always + " ./... cache="},
		"a pull request, with everything": {map[string]string{"new-from-merge-base": "", "cache": "false"}, map[string]string{"event_name": "pull_request", "base_ref": "main"}, always + " ./... cache="},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := faked(t, workspace, c.inputs)
			r.github = c.github
			out := r.step(t, r.action.named(t, "Run poollint"))
			if got := strings.Join(strings.Split(strings.TrimSpace(out.Stdout), "\n"), " "); got != strings.ReplaceAll(c.want, "TEMP", r.temp) || out.Status != 1 {
				t.Errorf("status %d, got  %s\nwant %s\n%s", out.Status, got, c.want, out.Stderr)
			}
		})
	}
}

// What is uploaded is the log of this run, if there is one.
func TestActionUploadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sarif, writes, status string
		uploaded              bool
	}{
		"findings":             {"true", "", "1", true},
		"nothing found":        {"true", "", "0", true},
		"could not be written": {"true", "no", "2", false},
		"is not whole":         {"true", "", "2", false},
		"not asked for":        {"false", "", "1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := faked(t, t.TempDir(), map[string]string{"sarif": c.sarif}, "WRITES="+c.writes, "STATUS="+c.status)
			if err := os.WriteFile(filepath.Join(r.temp, "poollint.sarif"), []byte("of an earlier run"), 0o600); err != nil {
				t.Fatal(err)
			}
			r.step(t, r.action.named(t, "Run poollint"))
			if got := r.outputs["steps.run.outputs.sarif"]; (got != "") != c.uploaded {
				t.Errorf("to be uploaded: %q", got)
			}
		})
	}
}

// A pull request counts from its merge base, which a shallow checkout lacks.
func TestActionInAPullRequest(t *testing.T) {
	t.Parallel()
	git := func(dir string, args ...string) string {
		t.Helper()
		out := drivertest.Run(t, dir, "git", append([]string{"-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"}, args...)...)
		if out.Status != 0 {
			t.Fatalf("git %s: %s", strings.Join(args, " "), out.Stderr)
		}
		return strings.TrimSpace(out.Stdout)
	}
	origin, checkout := t.TempDir(), filepath.Join(t.TempDir(), "checkout")
	git(origin, "init", "-q", "-b", "main")
	commit := func(text string) { git(origin, "commit", "-q", "--allow-empty", "-m", text) }
	commit("first")
	commit("where the branch began")
	base := git(origin, "rev-parse", "HEAD")
	git(origin, "switch", "-q", "-c", "branch")
	commit("of the branch")
	git(origin, "switch", "-q", "main")
	git(origin, "switch", "-q", "-c", "elsewhere")
	git(origin, "merge", "-q", "--no-ff", "-m", "merge", "branch")
	git(origin, "update-ref", "refs/pull/7/merge", "HEAD")
	git(origin, "switch", "-q", "main")
	commit("of main, later")
	git(origin, "branch", "-q", "-D", "branch", "elsewhere")

	git(origin, "clone", "-q", "--no-checkout", "--depth=1", "file://"+origin, checkout)
	git(checkout, "update-ref", "-d", "refs/remotes/origin/main")
	git(checkout, "fetch", "-q", "--depth=1", "origin", "refs/pull/7/merge")
	git(checkout, "checkout", "-q", "--detach", "FETCH_HEAD")

	r := faked(t, checkout, map[string]string{"cache": "false"})
	r.github = map[string]string{"event_name": "pull_request", "base_ref": "main"}
	out := r.step(t, r.action.named(t, "Run poollint"))
	if want := "-new-from-merge-base\norigin/main\n./...\n"; !strings.Contains(out.Stdout, want) {
		t.Errorf("status %d, got %s\n%s", out.Status, out.Stdout, out.Stderr)
	}
	r.inputs["new-from-merge-base"] = "origin/main"
	if again := r.step(t, r.action.named(t, "Run poollint")); again.Stdout != out.Stdout {
		t.Errorf("with origin/ before the branch got %s\n%s", again.Stdout, again.Stderr)
	}
	if got := git(checkout, "merge-base", "origin/main", "HEAD"); got != base {
		t.Errorf("the merge base is %s, want %s", got, base)
	}
}

// What is kept between runs is known by the version and the modules, and kept also if
// findings fail the job.
func TestActionKeepsResults(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	restore, save := a.named(t, "Restore results"), a.named(t, "Save results")
	for _, part := range []string{"steps.install.outputs.version", "hashFiles('**/go.sum')"} {
		if !strings.Contains(restore.With["key"], part) {
			t.Errorf("the key %s lacks %s", restore.With["key"], part)
		}
	}
	if restore.With["path"] != save.With["path"] || !strings.Contains(save.If, "always()") || restore.If != "${{ inputs.cache == 'true' }}" {
		t.Errorf("restore %+v, save %+v", restore, save)
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
