package testpool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// recordEnv names the directory where a process records the statements that it runs.
const recordEnv = "POOLLINT_RECORD"

// recording returns the process's recorder, nil unless the environment asks for one.
var recording = sync.OnceValue(func() *recorder {
	if dir := os.Getenv(recordEnv); dir != "" {
		return newRecorder(dir)
	}
	return nil
})

// Limits of a record, so that a suite that makes its texts anew each time fills no disk.
const (
	maxRecords    = 20_000
	maxRecorded   = 32 << 20 // bytes of all texts
	maxStatement  = 256 << 10
	maxPerPlace   = 200 // texts of one test at one place
	maxStackDepth = 96
	maxCalls      = 8
	maxNames      = 5
)

// A recorder writes each statement that it is told, once for each test and place, to a
// file of the process. It keeps nothing that a process which is killed would lose.
type recorder struct {
	dir string

	mu     sync.Mutex
	file   *os.File
	stacks map[stackKey]*stack
	places map[string]*stack
	seen   map[recordKey]bool
	count  map[placeKey]int
	bytes  int
	ended  bool
}

type (
	stackKey [maxStackDepth]uintptr
	placeKey struct {
		*stack
		test string
	}
	recordKey struct {
		placeKey
		sql string
	}
)

// A stack is what a call stack tells of a statement.
type stack struct {
	calls []string // file:line in the code under test, the innermost first
	test  string   // the test's function, "" if it is not on the stack
}

// A record is a line of the file; the first one has only version and package.
type record struct {
	Version int      `json:"version,omitempty"`
	Package string   `json:"package,omitempty"`
	SQL     string   `json:"sql,omitempty"`
	Test    string   `json:"test,omitempty"`
	Calls   []string `json:"calls,omitempty"`
	Cut     bool     `json:"cut,omitempty"` // there were more statements
}

func newRecorder(dir string) *recorder {
	return &recorder{dir: dir, stacks: map[stackKey]*stack{}, places: map[string]*stack{}, seen: map[recordKey]bool{}, count: map[placeKey]int{}}
}

// record notes a statement that the calling goroutine runs. A single word is the name of
// a prepared statement, or ends a transaction.
func (r *recorder) record(sql string) {
	if r == nil || !strings.ContainsAny(strings.TrimSpace(sql), " \t\n") {
		return
	}
	var key stackKey
	runtime.Callers(2, key[:])
	asked := active.on(goroutineID())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	s := r.stack(key)
	place := placeKey{stack: s, test: s.test}
	if asked != nil {
		place.test = asked.Name()
	}
	if statement := (recordKey{place, sql}); !r.seen[statement] {
		if r.count[place]++; len(sql) > maxStatement || r.count[place] > maxPerPlace {
			return
		}
		r.seen[statement] = true
		test := place.test
		if test == "" {
			test = oneOf()
		}
		r.add(record{SQL: sql, Test: test, Calls: s.calls})
	}
}

// oneOf names the tests that may run a goroutine's statement.
func oneOf() string {
	names := active.names()
	if len(names) > maxNames {
		names = append(names[:maxNames], "…")
	}
	return strings.Join(names, " or ")
}

// stack returns what the stack tells, read once.
func (r *recorder) stack(key stackKey) *stack {
	if s := r.stacks[key]; s != nil {
		return s
	}
	s := readStack(key[:])
	place := s.test + " " + strings.Join(s.calls, " ")
	if known := r.places[place]; known != nil {
		s = known
	}
	r.places[place] = s
	if len(r.stacks) < maxRecords {
		r.stacks[key] = s
	}
	return s
}

func readStack(counters []uintptr) *stack {
	if end := slices.Index(counters, 0); end >= 0 {
		counters = counters[:end]
	}
	s := &stack{}
	frames := runtime.CallersFrames(counters)
	for {
		frame, more := frames.Next()
		if len(s.calls) < maxCalls && !isLibrary(frame) && isOwn(frame) {
			s.calls = append(s.calls, fmt.Sprintf("%s:%d", frame.File, frame.Line))
		}
		if name := testName(frame.Function); name != "" {
			s.test = name
		}
		if !more {
			return s
		}
	}
}

var versioned = regexp.MustCompile(`@v\d|/vendor/`)

// isOwn reports whether a frame is of the code under test: not of the standard library, of
// another module, or of what go test generates.
func isOwn(frame runtime.Frame) bool {
	slash := strings.LastIndex(frame.Function, "/") + 1
	dot := strings.Index(frame.Function[slash:], ".")
	if dot < 0 || frame.File == "_testmain.go" || versioned.MatchString(frame.File) {
		return false
	}
	path := frame.Function[:slash+dot]
	if module := mainModule(); path == module || strings.HasPrefix(path, module+"/") {
		return true
	}
	first, _, _ := strings.Cut(path, "/")
	return strings.Contains(first, ".") || !strings.HasPrefix(frame.File, standardRoot())
}

var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path != "" {
		return info.Main.Path
	}
	return "?"
})

// standardRoot is where the files of the standard library lie, as frames have it.
var standardRoot = sync.OnceValue(func() string {
	var counters [maxStackDepth]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(0, counters[:])])
	for {
		frame, more := frames.Next()
		if root, ok := strings.CutSuffix(frame.File, "runtime/extern.go"); ok {
			return root
		}
		if !more {
			return "?"
		}
	}
})

// add appends a line to the process's file, which the first one makes.
func (r *recorder) add(line record) {
	r.bytes += len(line.SQL)
	if len(r.seen) > maxRecords || r.bytes > maxRecorded {
		line, r.ended = record{Cut: true}, true
	}
	err := r.open()
	if err == nil {
		err = writeLine(r.file, line)
	}
	if err != nil {
		r.ended = true
		fmt.Fprintf(os.Stderr, "testpool: %s: no more statements are recorded: %v\n", recordEnv, err)
	}
}

func (r *recorder) open() error {
	if r.file != nil {
		return nil
	}
	name := fmt.Sprintf("%s-%d-%x.jsonl", binaryName(), os.Getpid(), time.Now().UnixNano())
	file, err := os.OpenFile(filepath.Join(r.dir, name), os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	r.file = file
	return writeLine(file, record{Version: 1, Package: packagePath()})
}

func writeLine(file *os.File, line record) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	_, err := file.Write(text.Bytes())
	return err
}

// packagePath is the import path of the package under test, else the binary's name.
func packagePath() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Path != "" {
		return strings.TrimSuffix(info.Path, ".test")
	}
	return binaryName()
}

// Tracer returns a tracer that records the statements of a pgx connection or pool while
// "poollint queries" runs the tests, and else does nothing. Pools of this package have it;
// another one takes it as config.ConnConfig.Tracer, beside a tracer of its own with
// multitracer.New.
func Tracer() pgx.QueryTracer { return statementTracer{recording()} }

type statementTracer struct{ *recorder }

var (
	_ pgx.BatchTracer    = statementTracer{}
	_ pgx.CopyFromTracer = statementTracer{}
	_ pgx.PrepareTracer  = statementTracer{}
)

func (t statementTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if ctx.Value(ours{}) == nil {
		t.record(data.SQL)
	}
	return ctx
}

func (t statementTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (t statementTracer) TracePrepareStart(ctx context.Context, _ *pgx.Conn, data pgx.TracePrepareStartData) context.Context {
	if ctx.Value(ours{}) == nil {
		t.record(data.SQL)
	}
	return ctx
}

// ours marks the context of statements that no test has made: testpool's own, and the
// SELECT that pgx prepares in a CopyFrom to know the table's columns.
type ours struct{}

// unrecorded returns a context whose statements are not recorded.
func unrecorded(ctx context.Context) context.Context { return context.WithValue(ctx, ours{}, true) }

func (t statementTracer) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

func (t statementTracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	if t.recorder != nil && data.Batch != nil {
		for _, query := range data.Batch.QueuedQueries {
			t.record(query.SQL)
		}
	}
	return ctx
}

func (t statementTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (t statementTracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (t statementTracer) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	if t.recorder != nil {
		columns := make([]string, len(data.ColumnNames))
		for i, name := range data.ColumnNames {
			columns[i] = pgx.Identifier{name}.Sanitize()
		}
		t.record(fmt.Sprintf("COPY %s (%s) FROM STDIN", data.TableName.Sanitize(), strings.Join(columns, ", ")))
	}
	return unrecorded(ctx)
}

func (t statementTracer) TraceCopyFromEnd(context.Context, *pgx.Conn, pgx.TraceCopyFromEndData) {}
