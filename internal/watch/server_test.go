package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/poollint/poollint/internal/pgtest"
	"github.com/poollint/poollint/internal/testtrace"
)

// suite is the module whose tests are watched.
const suite = "testdata/suite"

// environ is the environment of a watch: the server's address and what is added.
func environ(server *pgtest.Server, more ...string) []string {
	return append(append(os.Environ(), "DATABASE_URL_TEST="+server.URL()), more...)
}

// goTest is a command that tests packages of the suite.
func goTest(args ...string) []string {
	return append([]string{"go", "-C", suite, "test", "-count=1"}, args...)
}

// watch runs poollint watch in this process.
func watch(t *testing.T, bound Bound, env []string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = newCommand(bound, func() []string { return env }).Main(t.Context(), args, &out, &errOut)
	return status, out.String(), errOut.String()
}

// watchJSON runs poollint watch and reads its report.
func watchJSON(t *testing.T, env []string, wantStatus int, args ...string) (r report, stderr string) {
	t.Helper()
	status, stdout, stderr := watch(t, nil, env, append([]string{"-format", "json"}, args...)...)
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout, stderr)
	}
	if status != wantStatus {
		t.Errorf("exit status %d, want %d\n%s", status, wantStatus, stderr)
	}
	return r, stderr
}

func groupOf(t *testing.T, r report, name string) groupReport {
	t.Helper()
	for _, g := range r.Groups {
		if g.Name == name {
			return g
		}
	}
	t.Fatalf("no package %s in %+v", name, r.Groups)
	return groupReport{}
}

// clientsOf opens a connection that a watch does not count, and returns how to
// count the sessions of a run's packages, and of all clients, with it.
func clientsOf(t *testing.T, server *pgtest.Server) (named, all func() int) {
	t.Helper()
	config, err := pgx.ParseConfig(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = ownApplication
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the test may have restarted the server
	count := func(condition string) func() int {
		return func() (n int) {
			err := conn.QueryRow(t.Context(), "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and "+condition).Scan(&n)
			if err != nil {
				t.Error(err)
			}
			return n
		}
	}
	return count("application_name like 'poollint:%'"), count("true")
}

func TestPackagesAndTests(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	r, stderr := watchJSON(t, environ(server), 0, append([]string{"--"}, goTest("./leak", "./tidy")...)...)

	leak := groupOf(t, r, "example.com/suite/leak")
	if !leak.Package || leak.Peak != 5 || leak.Sessions != 5 || leak.Left != 0 || leak.AtEnd == nil || *leak.AtEnd != 5 {
		t.Errorf("leak: %+v", leak)
	}
	if want := []string{"TestSecond/alone"}; !slices.Equal(leak.Tests, want) {
		t.Errorf("at the peak ran %v, want %v", leak.Tests, want)
	}
	if want := []testCount{{"TestSecond/alone", 3}, {"TestFirst", 2}}; !slices.Equal(leak.OpenedIn, want) {
		t.Errorf("opened in %v, want %v", leak.OpenedIn, want)
	}
	if tidy := groupOf(t, r, "example.com/suite/tidy"); tidy.Peak != 1 || tidy.Left != 0 || tidy.AtEnd == nil || *tidy.AtEnd != 0 {
		t.Errorf("tidy: %+v", tidy)
	}
	if r.Total.Peak < 5 || r.Total.Peak > 6 || r.Opened != 6 || r.Refused.Count != 0 || len(r.Gaps) != 0 {
		t.Errorf("total %+v, opened %d, refused %v, gaps %v", r.Total, r.Opened, r.Refused, r.Gaps)
	}
	if !strings.Contains(stderr, "ok  \texample.com/suite/leak") || strings.Contains(stderr, "=== RUN") {
		t.Errorf("the command's output:\n%s", stderr)
	}
}

func TestThresholds(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	for _, test := range []struct {
		name       string
		args       []string
		wantStatus int
		want       string
	}{
		{"peak", append([]string{"-limit", "4", "--"}, goTest("./leak")...), 1, "poollint watch: 5 connections at once, more than -limit 4\n"},
		{"the command's own", append([]string{"-limit", "0", "--"}, "sh", "-c", "exit 7"), 7, ""},
		{"left over", []string{"-after", "0", "--", "sh", "-c", "psql $DATABASE_URL_TEST -c 'select pg_sleep(9)' >/dev/null 2>&1 & sleep 3"},
			1, "poollint watch: 1 connections left after the run, more than -after 0\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "left over" {
				if _, err := exec.LookPath("psql"); err != nil {
					t.Skip("no psql: ", err)
				}
			}
			status, stdout, stderr := watch(t, nil, environ(server), test.args...)
			if status != test.wantStatus || !strings.HasSuffix(stderr, test.want) {
				t.Errorf("exit status %d, want %d\n%s%s", status, test.wantStatus, stdout, stderr)
			}
		})
	}
}

func TestFullServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=8", "superuser_reserved_connections=0")
	r, stderr := watchJSON(t, environ(server), 1, append([]string{"--"}, goTest("./greedy")...)...)
	if greedy := groupOf(t, r, "example.com/suite/greedy"); greedy.Peak != 7 {
		t.Errorf("peak %d, want the server's 8 less the watch's own", greedy.Peak)
	}
	if want := []string{"TestGreedy"}; r.Refused.Count != 1 || !slices.Equal(r.Refused.Tests, want) {
		t.Errorf("refused: %+v", r.Refused)
	}
	if !strings.Contains(stderr, "--- FAIL: TestGreedy") {
		t.Errorf("the command's output:\n%s", stderr)
	}
}

func TestFullServerBeforeTheRun(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t, "max_connections=4", "superuser_reserved_connections=0")
	for {
		conn, err := pgx.Connect(t.Context(), server.URL())
		if err != nil {
			break
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	}
	status, _, stderr := watch(t, nil, environ(server), "--", "true")
	if status != 2 || !strings.Contains(stderr, "the server is full already, before the run") {
		t.Errorf("exit status %d\n%s", status, stderr)
	}
}

func TestServerRestart(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	restarted := make(chan error, 1)
	named, _ := clientsOf(t, server)
	go func() {
		for named() < 1 && !t.Failed() {
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(200 * time.Millisecond) // for the watch to see it too
		restarted <- server.Restart()
	}()
	r, _ := watchJSON(t, environ(server, "SUITE_SLOW=3s"), 0, append([]string{"--"}, goTest("./slow")...)...)
	if err := <-restarted; err != nil {
		t.Fatal(err)
	}
	if r.Restarts != 1 || len(r.Gaps) == 0 || r.Gaps[len(r.Gaps)-1].To == nil || r.Gaps[0].Reason == "" {
		t.Errorf("restarts %d, gaps %+v", r.Restarts, r.Gaps)
	}
	if last := r.Gaps[len(r.Gaps)-1]; last.To != nil && r.Seconds < *last.To {
		t.Errorf("the run of %.2f s ended before the server was back at %.2f s", r.Seconds, *last.To)
	}
	if slow := groupOf(t, r, "example.com/suite/slow"); slow.Peak != 1 || r.Opened > 3 {
		t.Errorf("slow %+v, opened %d", slow, r.Opened)
	}
}

func TestServerGone(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	stopped := make(chan error, 1)
	command := onceBegun(t, func() { stopped <- server.Stop() })
	status, stdout, stderr := watch(t, nil, environ(server), append([]string{"--"}, command("sleep 1.5")...)...)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if status != 2 || stdout != "" || !strings.Contains(stderr, "0 connections at 0.00 s") || !strings.Contains(stderr, "until the end: ") || !strings.Contains(stderr, "left    not known: ") || !strings.Contains(stderr, "out of sight at the end") {
		t.Errorf("exit status %d\n%s%s", status, stdout, stderr)
	}
}

// onceBegun makes a command of shell commands, and calls then when that has begun.
func onceBegun(t *testing.T, then func()) (command func(script string) []string) {
	begun := filepath.Join(t.TempDir(), "begun")
	go func() {
		for t.Context().Err() == nil {
			if _, err := os.Stat(begun); err == nil {
				time.Sleep(200 * time.Millisecond)
				then()
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func(script string) []string { return []string{"sh", "-c", `touch "$0"; ` + script, begun} }
}

// A watch that is told to end takes the whole command with it.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	named, all := clientsOf(t, server)
	for signal, wantStatus := range map[syscall.Signal][]int{syscall.SIGINT: {1, 130}, syscall.SIGTERM: {143}} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := exec.Command(os.Args[0], append([]string{"watch", "--"}, goTest("./slow")...)...)
			cmd.Env = environ(server, "SUITE_SLOW=60s")
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for named() < 1 {
				select {
				case <-ended:
					t.Fatalf("it ended by itself:\n%s", &out)
				case <-time.After(20 * time.Millisecond):
				}
			}
			time.Sleep(200 * time.Millisecond) // for the watch to see it too
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				_ = cmd.Process.Kill()
				t.Fatal("it did not end")
			}
			if status := cmd.ProcessState.ExitCode(); !slices.Contains(wantStatus, status) {
				t.Errorf("exit status %d, want one of %v", status, wantStatus)
			}
			if !strings.Contains(out.String(), "by a signal: ") || !strings.Contains(out.String(), "example.com/suite/slow  1") {
				t.Errorf("output:\n%s", &out)
			}
			// A session ends a little after its client.
			for deadline := time.Now().Add(5 * time.Second); all() != 0; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%d sessions are left", all())
				}
			}
		})
	}
}

func TestContextEndsTheCommand(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	command := onceBegun(t, cancel)
	var out, errOut bytes.Buffer
	status := newCommand(nil, func() []string { return environ(server) }).Main(ctx, append([]string{"--"}, command("sleep 60")...), &out, &errOut)
	if status != 128+int(syscall.SIGTERM) || !strings.Contains(errOut.String(), "by a signal") {
		t.Errorf("exit status %d\n%s%s", status, &out, &errOut)
	}
}

// Any program that calls go test in the end is watched by package and test.
func TestGoTestBehindAnotherProgram(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	r, _ := watchJSON(t, environ(server), 0, "--", "sh", "-c", "go -C "+suite+" test -count=1 ./leak")
	leak := groupOf(t, r, "example.com/suite/leak")
	if !leak.Package || leak.Peak != 5 || leak.AtEnd == nil || *leak.AtEnd != 5 || !slices.Equal(leak.Tests, []string{"TestSecond/alone"}) {
		t.Errorf("leak: %+v", leak)
	}
	if len(r.Notes) != 0 {
		t.Errorf("notes: %q", r.Notes)
	}
}

// Sessions with a name of their own belong to the package whose process has them.
func TestOwnNames(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("processes are found on Linux")
	}
	server := pgtest.Start(t)
	for _, env := range []string{"PGAPPNAME=mine", "PGAPPNAME="} {
		// A process of its own, as this one has started what other tests need.
		file := filepath.Join(t.TempDir(), "report")
		cmd := exec.Command(os.Args[0], append([]string{"watch", "-named", "-format", "json=" + file, "--"}, goTest("./named", "./tidy")...)...)
		cmd.Env = environ(server, env)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var r report
		if err := json.Unmarshal([]byte(read(t, file)), &r); err != nil {
			t.Fatal(err)
		}
		named := groupOf(t, r, "example.com/suite/named")
		if want := []testCount{{"TestOwnName", 1}}; !named.Package || named.Peak != 1 || !slices.Equal(named.OpenedIn, want) || named.AtEnd == nil || *named.AtEnd != 0 {
			t.Errorf("%s: named: %+v", env, named)
		}
		if tidy := groupOf(t, r, "example.com/suite/tidy"); !tidy.Package || tidy.Sessions != 1 || len(r.Groups) != 2 {
			t.Errorf("%s: tidy: %+v of %d groups", env, tidy, len(r.Groups))
		}
	}
}

func TestNamedCountsOnlyTheRun(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	for _, test := range []struct {
		args []string
		want int
	}{{nil, 1}, {[]string{"-named"}, 0}} {
		command := onceBegun(t, func() {
			conn, err := pgx.Connect(t.Context(), server.URL()) // of this process, which the command has not started
			if err == nil {
				time.Sleep(300 * time.Millisecond)
				err = conn.Close(t.Context())
			}
			if err != nil {
				t.Error(err)
			}
		})
		r, _ := watchJSON(t, environ(server), 0, append(append(test.args, "--"), command("sleep 1")...)...)
		if len(r.Groups) != test.want || r.Total.Peak != test.want {
			t.Errorf("%v: %+v", test.args, r.Groups)
		}
		if unseen := strings.Contains(strings.Join(r.Notes, "\n"), "no connection was seen"); unseen != (test.want == 0) {
			t.Errorf("%v: notes %q", test.args, r.Notes)
		}
	}
}

// What go test takes from its cache did not run, and the report says so.
func TestCachedResult(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	budget := func(context.Context, []string) (*Budget, error) {
		return &Budget{Connections: 1, Packages: []string{"example.com/suite/tidy", "example.com/suite/leak"}}, nil
	}
	command := []string{"--", "go", "-C", suite, "test", "./tidy", "./leak"}
	for range 2 {
		status, stdout, stderr := watch(t, budget, environ(server), command...)
		cached := strings.Contains(stdout, "ok  \texample.com/suite/tidy\t(cached)\nok  \texample.com/suite/leak\t(cached)\n")
		noted := strings.Contains(stderr, "example.com/suite/tidy, example.com/suite/leak did not run: ") && strings.Contains(stderr, "-count=1 runs the tests")
		if status != 0 || cached != noted || strings.Contains(stderr, "…/tidy ") == cached {
			t.Errorf("exit status %d, cached: %v\n%s%s", status, cached, stdout, stderr)
		}
	}
}

func TestFormatsAndPage(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	dir := t.TempDir()
	csvFile, page := filepath.Join(dir, "samples.csv"), filepath.Join(dir, "watch.html")
	budget := func(_ context.Context, command []string) (*Budget, error) {
		return &Budget{Connections: len(command)}, nil
	}
	status, stdout, stderr := watch(t, budget, environ(server),
		append([]string{"-format", "text", "-format", "csv=" + csvFile, "-format", "html=" + page, "--"}, goTest("-v", "./leak")...)...)
	if status != 0 || !strings.Contains(stdout, "=== RUN   TestFirst") || !strings.Contains(stdout, "TESTS AT THE PEAK") {
		t.Fatalf("exit status %d\n%s%s", status, stdout, stderr)
	}
	csv := read(t, csvFile)
	if !strings.HasPrefix(csv, "seconds,package,connections\n") || !strings.Contains(csv, ",example.com/suite/leak,5\n") {
		t.Errorf("csv:\n%s", csv)
	}
	html := read(t, page)
	for _, part := range []string{"<svg ", "example.com/suite/leak", "TestSecond/alone", "at most 7 connections by static analysis", "-limit 10"} {
		if !strings.Contains(html, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if external := regexp.MustCompile(`(?:src|href)="[^#]|@import|url\(`).FindString(strings.ReplaceAll(html, `xmlns:xlink="http`, "")); external != "" {
		t.Errorf("the page loads something: %s", external)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The end of a run waits for its sessions, and not for the next sample.
func TestEndWaitsForNoSample(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	start := time.Now()
	r, _ := watchJSON(t, environ(server), 0, "-every", "1m", "--", "true")
	if took := time.Since(start); took > 30*time.Second || r.Taken < 2 || r.blind() {
		t.Errorf("%s, %d samples, gaps %v", took, r.Taken, r.Gaps)
	}
}

// While nothing changes, samples are few, and what changes then is seen.
func TestCalm(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	config, err := pgx.ParseConfig(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := newSampler(t.Context(), config.Copy(), "run", false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	trace, err := testtrace.New("run")
	if err != nil {
		t.Fatal(err)
	}
	defer trace.Close()
	timeline := newTimeline()
	watching, stop := context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(watching, time.Millisecond, trace, timeline)
	}()
	const calm, held = time.Second, 10 * calmEvery
	begin := time.Now()
	for _, wait := range []time.Duration{calm, held} {
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
		time.Sleep(wait)
	}
	took := time.Since(begin)
	stop()
	<-watched
	if most := int(took/calmEvery) + 40; timeline.taken > most {
		t.Errorf("%d samples in %s, want at most %d", timeline.taken, took, most)
	}
	if peak := timeline.peak(func(s sample) int { return s.total }); peak.total != 2 {
		t.Errorf("a peak of %d connections, want 2", peak.total)
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		env, args []string
		want      string
	}{
		{nil, []string{"--", "true"}, "no database: "},
		{nil, nil, "no command: "},
		{nil, []string{"-format", "xml", "--", "true"}, "invalid value \"xml\" for flag -format: the formats are csv, html, json, text"},
		{nil, []string{"-every", "0", "--", "true"}, "-every must be above zero"},
		{[]string{"DATABASE_URL=postgres://127.0.0.1:1/shop"}, []string{"--", "true"}, "failed to connect"},
		{nil, []string{"-dsn", "postgres://%", "--", "true"}, "-dsn: cannot parse"},
		{nil, []string{testtrace.Argument}, "the go command starts this"},
	} {
		status, _, stderr := watch(t, nil, test.env, test.args...)
		if status != 2 || !strings.Contains(stderr, test.want) || !strings.HasPrefix(stderr, "poollint watch: ") {
			t.Errorf("%v: exit status %s\n%s", test.args, strconv.Itoa(status), stderr)
		}
	}
}

func TestCommandNotFound(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	status, _, stderr := watch(t, nil, environ(server), "--", "no-such-program")
	if status != 2 || !strings.Contains(stderr, "no-such-program") {
		t.Errorf("exit status %d\n%s", status, stderr)
	}
}
