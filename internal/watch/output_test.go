package watch

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/pgtest"
)

// outputs are commands whose output must be the same under the watch. What follows the
// name runs in testdata/output.
var outputs = []struct{ name, command string }{
	{"plain", "go test -count=1 ./pass"},
	{"verbose events", "go test -count=1 -v -json ./mixed"},
	{"failing", "go test -count=1 ./mixed"},
	{"bench with memory", "go test -run=^$ -bench=. -benchmem -benchtime=1000000x ./pass"},
	{"cover profile", "go test -count=1 -coverprofile=$OUT/cover ./pass && cat $OUT/cover"},
	{"does not build", "go test -count=1 ./broken ./none"},
	{"panic", "go test -count=1 ./panics"},
	{"exit", "go test -count=1 ./exits"},
	{"killed", "go test -count=1 -run=TestKilled ./hangs"},
	{"too slow", "go test -count=1 -run=TestHangs -timeout=300ms ./hangs"},
	{"several packages", "go test -count=1 -p=1 ./pass ./none ./mixed ./examples"},
	{"cached in part", "go test ./pass ./mixed"},
	{"make", "make -s -f $OUT/Makefile"},
	{"both streams as one", "go test -count=1 -p=1 -v ./pass ./broken 2>&1"},
	{"killed itself", "kill -TERM $$"},
	{"verbose", "go test -count=1 -v ./pass"},
	{"events", "go test -count=1 -json ./pass"},
	{"failing, verbose", "go test -count=1 -v ./mixed"},
	{"failing fast", "go test -count=1 -p=1 -failfast ./mixed ./examples"},
	{"some", "go test -count=1 -v -run TestFails/deep ./mixed"},
	{"all but some", "go test -count=1 -v -skip TestFails ./mixed"},
	{"none of them", "go test -count=1 -run NoSuchTest ./pass"},
	{"list", "go test -list . ./pass ./fuzz"},
	{"full paths", "go test -count=1 -fullpath ./mixed"},
	{"short", "go test -count=1 -short -v -run TestStreams ./pass"},
	{"twice", "go test -count=2 -v -run TestQuiet ./pass"},
	{"shuffled", "go test -count=1 -shuffle=7 -v ./mixed"},
	{"bench", "go test -run=^$ -bench=. -benchtime=10x ./pass"},
	{"cover", "go test -count=1 -cover ./pass"},
	{"compiled", "go test -c -o $OUT/pass.test ./pass && $OUT/pass.test -test.v -test.run=TestQuiet"},
	{"cpu profile", "go test -count=1 -o $OUT/pass.test -cpuprofile=$OUT/cpu ./pass"},
	{"no test files", "go test -count=1 ./none"},
	{"does not vet", "go test -count=1 ./vet"},
	{"not vetted", "go test -count=1 -vet=off ./vet"},
	{"panic, events", "go test -count=1 -json ./panics"},
	{"exit without a failure", "go test -count=1 -run=TestExits -json ./exits"},
	{"examples", "go test -count=1 ./examples"},
	{"fuzz seeds", "go test -count=1 -v ./fuzz"},
	{"fuzzing", "go test -run=^$ -fuzz=FuzzSeeds -fuzztime=2x ./fuzz"},
	{"race", "CGO_ENABLED=0 go test -count=1 -race ./pass"},
	{"unknown flag", "go test -nosuchflag ./pass"},
	{"no such package", "go test ./nosuch"},
	{"in the directory", "cd pass && go test -count=1"},
	{"another directory", "go -C pass test -count=1"},
	{"flags of the environment", "GOFLAGS='-v -run=TestQuiet' go test -count=1 ./pass"},
	{"cached", "go test -cover ./pass ./none"},
	{"cached, verbose", "go test -v ./pass"},
	{"cached, events", "go test -json ./pass"},
	{"another program", "echo out; echo err >&2; exit 5"},
}

// Each link takes a while, so only the first few are tried unless the variable is set.
const (
	usualOutputs = 15
	allOutputs   = "POOLLINT_ALL_OUTPUTS"
)

func TestOutputIsTheCommands(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	tried := outputs
	if os.Getenv(allOutputs) == "" {
		tried = outputs[:usualOutputs]
	}
	for _, test := range tried {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(test.command, "make") {
				if _, err := exec.LookPath("make"); err != nil {
					t.Skip(err)
				}
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte("test:\n\tgo test -count=1 -v ./mixed\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			env := environ(server, "OUT="+dir, "PGAPPNAME=")
			shell := []string{"sh", "-c", test.command}
			cached := strings.HasPrefix(test.name, "cached")
			if cached {
				outcome(t, env, shell) // go test keeps the result
			}
			want := outcome(t, env, shell)
			if cached && !strings.Contains(want[1], "(cached)") {
				t.Fatalf("go test kept nothing:\n%s", want[1])
			}
			file := filepath.Join(dir, "report")
			got := outcome(t, env, append([]string{os.Args[0], "watch", "-limit=99", "-format=json=" + file, "--"}, shell...))
			if report := read(t, file); strings.Contains(report, "tests are not named") {
				t.Error(report)
			}
			for i, part := range []string{"exit status", "standard output", "standard error"} {
				if got[i] != want[i] {
					t.Errorf("%s: %s\n\nwithout the watch: %s", part, got[i], want[i])
				}
			}
		})
	}
}

// differ matches what differs from run to run.
var differ = regexp.MustCompile(`\d+(\.\d+)?(s|ms|µs|/sec| ns/op)\b|"(Time|Elapsed)":[^,}]*|0x[0-9a-f]+|goroutine \d+|/b\d+/|go-build\d+|elapsed: .*| {2,}`)

// outcome returns the exit status, the output and the errors of a command.
func outcome(t *testing.T, env, command []string) (parts [3]string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = "testdata/output", env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return [3]string{status(cmd.ProcessState), differ.ReplaceAllString(stdout.String(), "~"), differ.ReplaceAllString(stderr.String(), "~")}
}

// status returns the exit status as a shell sees it.
func status(state *os.ProcessState) string {
	if signal, ok := strings.CutPrefix(state.String(), "signal: "); ok {
		return map[string]string{"terminated": "exit status 143", "interrupt": "exit status 130"}[strings.TrimSuffix(signal, " (core dumped)")]
	}
	return state.String()
}
