package packaging

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/drivertest"
	"github.com/poollint/poollint/internal/pgtest"
)

// A trial is how a command of the pages is run, or why it is not.
type trial struct {
	in     string // a setting
	status int    // that it exits with
	not    string // why it is not run
}

// The settings.
const (
	shop  = "shop"  // a copy of examples/shop, as a git repository
	small = "small" // a module with one finding
	empty = "empty" // a module without any, and with a database
)

const (
	installs = "installs the module as released, which TestAction does"
	ci       = "is what runs the tests"
	story    = "runs for minutes: a step of .ci/run"
	others   = "is another program's"
	releases = "makes a release; TestReleaseScript tries the script"
	drivers  = "has an input of the go command, which the tests of internal/parity make"
	schema   = "needs a server with the schema of the module's tests; examples/shop/story has one"
)

// trials are the commands of the pages.
var trials = map[string]trial{
	"poollint ./...":                                                                                {in: shop, status: 1},
	"(cd examples/shop && poollint ./...)":                                                          {not: "is poollint ./... where the checkout is"},
	"poollint adopt":                                                                                {in: shop, status: 1},
	"poollint budget -p 2 -parallel 4 -cpus 8 ./...":                                                {in: shop, status: 1},
	"poollint budget -limit 97 -p 4 -parallel 4 ./...":                                              {in: shop, status: 1},
	`go vet -vettool="$(which poollint)" ./...`:                                                     {in: small, status: 1},
	`go vet -vettool="$(which poollint)" -tenantfilter.level=by-parent ./...`:                       {in: small, status: 1},
	"poollint -baseline .poollint-baseline.json -write-baseline ./...":                              {in: shop},
	"poollint -baseline .poollint-baseline.json ./...":                                              {in: shop},
	"poollint -new-from-merge-base origin/main ./...":                                               {in: shop},
	"poollint doctor":                                                                               {in: empty},
	"poollint doctor -format sql=mend.sql":                                                          {in: empty},
	`psql "$DATABASE_URL_TEST" -f mend.sql`:                                                         {in: empty},
	"export DATABASE_URL_TEST=postgres://localhost/shop_test":                                       {not: "would be another server than the test's"},
	"poollint watch -- go test -count=1 ./...":                                                      {in: empty},
	"poollint watch -format text -format html=connections.html -- go test -count=1 ./...":           {in: empty},
	"poollint watch -limit 40 -format text -format html=connections.html -- go test -count=1 ./...": {in: empty},
	"source <(poollint completion bash)":                                                            {in: empty},
	"poollint completion fish | source":                                                             {not: "is of fish; TestScripts/completion runs it"},
	"poollint man > poollint.1":                                                                     {in: empty},

	"go install ./cmd/poollint":                                   {not: "is what TestMain builds"},
	"go install github.com/poollint/poollint/cmd/poollint@latest": {not: installs},
	"go run github.com/poollint/poollint/cmd/poollint@latest -format text -format github -tags=integration ./...":    {not: installs},
	"go run github.com/poollint/poollint/cmd/poollint@latest -format text -format gitlab=gl-code-quality.json ./...": {not: installs},
	"go get github.com/poollint/poollint/testpool":                                                                   {not: installs},
	"poollint queries -- go test ./...":                                                                              {not: schema},
	"poollint queries -- go test ./good/...":                                                                         {not: schema},
	"go run ./story":                                                                                                 {not: story},
	"poollint -V=full":                                                                                               {in: small},
	"poollint -json unit.cfg":                                                                                        {not: drivers},
	"export GOCACHEPROG='your-cache-helper --bucket ci'":                                                             {not: "names a program that there is not"},
	`go vet -trimpath -vettool="$(which poollint)" ./...`:                                                            {not: "is go vet -vettool with a flag of the go command"},
	"golangci-lint custom":                                                                                           {not: "builds golangci-lint, which golangci/e2e does"},
	"./custom-gcl run ./...":                                                                                         {not: "runs that golangci-lint, which golangci/e2e does"},
	"scripts/test":                                                                                                   {not: ci},
	".ci/run":                                                                                                        {not: ci},
	"scripts/release v0.2.0":                                                                                         {not: releases},
	"goreleaser check":                                                                                               {not: others},
	"goreleaser release --snapshot --clean":                                                                          {not: others},
	"goreleaser release --clean":                                                                                     {not: others},
}

var (
	// lines is what a shell would be given in a block, and in the steps of a workflow.
	prompt   = regexp.MustCompile(`(?m)^\$ (.*)$`)
	indented = regexp.MustCompile(`(?m)^    ((?:scripts/|\.ci/|goreleaser ).*)$`)
	workflow = regexp.MustCompile(`(?m)^ *- (?:run: )?((?:go|poollint) .*)$`)
	remark   = regexp.MustCompile(`\s+# .*$`)
)

// shown returns the commands of a page, in their order.
func shown(page string) []string {
	var lines []string
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		switch language, code := m[1], m[2]; language {
		case "sh":
			lines = append(lines, strings.Split(code, "\n")...)
		case "":
			for _, m := range prompt.FindAllStringSubmatch(code, -1) {
				lines = append(lines, m[1])
			}
		case "yaml":
			for _, m := range workflow.FindAllStringSubmatch(code, -1) {
				lines = append(lines, m[1])
			}
		}
	}
	for _, m := range indented.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		lines = append(lines, m[1])
	}
	var commands []string
	for _, line := range lines {
		if line = strings.TrimSpace(remark.ReplaceAllString(line, "")); line != "" && !strings.HasPrefix(line, "#") {
			commands = append(commands, line)
		}
	}
	return commands
}

// Every command that the pages print runs, and does what they say; or it stands in the
// table with the reason why it cannot be tried here.
func TestCommandsOfPages(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	t.Parallel()
	tried := map[string]bool{}
	t.Cleanup(func() {
		for command := range trials {
			if !tried[command] {
				t.Errorf("no page has %q", command)
			}
		}
	})
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "testpool/*.md", "examples/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(drivertest.Root(t), filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	for _, file := range pages {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		commands := map[string][]string{} // by setting
		for _, command := range shown(string(text)) {
			trial, ok := trials[command]
			if !ok || (trial.in == "") == (trial.not == "") {
				t.Errorf("%s: %q is not in the table of trials, with a setting or with the reason why it cannot be run", filepath.Base(file), command)
			}
			tried[command] = true
			commands[trial.in] = append(commands[trial.in], command)
		}
		delete(commands, "")
		for setting, commands := range commands {
			t.Run(filepath.Base(file)+"/"+setting, func(t *testing.T) {
				t.Parallel()
				dir, env := set(t, setting)
				for _, command := range commands {
					out := env.Run(t, dir, "bash", "-c", command)
					if want := trials[command].status; out.Status != want {
						t.Errorf("%s: exit status %d, want %d\n%s%s", command, out.Status, want, out.Stdout, out.Stderr)
					}
				}
			})
		}
	}
}

// set returns the directory and the environment of a setting.
func set(t *testing.T, setting string) (string, drivertest.Env) {
	t.Helper()
	env := append(trimmed(t), "PATH="+filepath.Dir(drivertest.Poollint)+string(os.PathListSeparator)+os.Getenv("PATH"))
	switch setting {
	case shop:
		dir := drivertest.Copy(t, filepath.Join(drivertest.Root(t), "examples", "shop"))
		for _, command := range []string{"init -q", "add .", "-c user.name=a -c user.email=a@example.com commit -qm all", "update-ref refs/remotes/origin/main HEAD"} {
			if out := drivertest.Run(t, dir, "git", strings.Fields(command)...); out.Status != 0 {
				t.Fatal(command, out.Stderr)
			}
		}
		return dir, env
	case small:
		return drivertest.Write(t, leaky), env
	case empty:
		server := pgtest.Start(t)
		dir := drivertest.Write(t, map[string]string{
			"go.mod":       "module example.com/empty\n\ngo 1.26\n",
			"some_test.go": "package some\n\nimport \"testing\"\n\nfunc TestSome(t *testing.T) {}\n",
		})
		return dir, append(env, "DATABASE_URL_TEST="+server.URL())
	}
	panic(fmt.Sprintf("no setting %q", setting))
}
