package testtrace

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// holdTime is how long a test binary that has connections open after its tests goes on, unless whoever
// reads the trace has let it go.
const holdTime = time.Second

// A statement is added to the end of every line of package testing that matches. What is added
// declares nothing, imports nothing and moves no line, so that what refers to the package
// finds all in the same place.
type statement struct {
	file  string
	line  *regexp.Regexp
	added string
}

// passOver has the list of running tests leave out the trace's file, which is kept among them.
var passOver = statement{"testing.go", regexp.MustCompile(`(?m)^\trunning\.Range\(func\(k, v any\) bool \{$`), "if k == " + traceKey + " { return true }"}

// statements are in the order of their places. A line that a release of Go does not have is
// not added to: then less is known. Without passOver nothing is.
var statements = []statement{
	{"testing.go", regexp.MustCompile(`(?m)^func \(c \*common\) logDepth\(s string, depth int\) \{$`), whenRefused(say("refused", "c.name"))}, // Go 1.24
	{"testing.go", regexp.MustCompile(`(?m)^\ts = strings\.TrimSuffix\(s, "\\n"\)$`), whenRefused(say("refused", "c.name"))},
	{"testing.go", regexp.MustCompile(`(?m)^\t+running\.Delete\(t\.name\)$`), say("end", "t.name")},
	{"testing.go", regexp.MustCompile(`(?m)^\t+running\.Store\(t\.name, .*\)$`), say("run", "t.name")},
	{"testing.go", regexp.MustCompile(`(?m)^func MainStart\(deps testDeps, .*\{$`), openTrace + traced(nameSessions+appendLine("start", "deps.ImportPath()"))},
	{"testing.go", regexp.MustCompile(`(?m)^func \(m \*M\) after\(\) \{$`), traced(hold)},
	passOver,
	{"fuzz.go", regexp.MustCompile(`(?m)^func fRunner\(f \*F, .*\{$`), say("run", "f.name")},
	{"fuzz.go", regexp.MustCompile(`(?m)^\t\tf\.report\(\)$`), say("end", "f.name")},
	{"benchmark.go", regexp.MustCompile(`(?m)^func \(b \*B\) run1\(\) bool \{$`), say("run", "b.name")},
	{"benchmark.go", regexp.MustCompile(`(?m)^\tgo b\.launch\(\)$`), say("run", "b.name")},
	{"benchmark.go", regexp.MustCompile(`(?m)^\t<-b\.signal$`), say("end", "b.name")},
	{"run_example.go", regexp.MustCompile(`(?m)^\tfinished := false$`), say("run", "eg.Name")},
	{"run_example.go", regexp.MustCompile(`(?m)^\tfinished = true$`), say("end", "eg.Name")},
}

// add adds the statements to a file of package testing; nil if that may not be done.
func add(file string, source []byte) []byte {
	if file == passOver.file && !passOver.line.Match(source) {
		return nil
	}
	for _, s := range statements {
		if s.file == file {
			source = s.line.ReplaceAllFunc(source, func(line []byte) []byte { return slices.Concat(line, []byte("; "+s.added)) })
		}
	}
	return source
}

// traceKey is under what the trace's file is kept in testing's map of running tests, whose keys are
// strings: nothing can be declared, and to open the file for each line costs more than the line.
const traceKey = "0"

// openTrace opens the trace's file, if there is one. os.Getenv would be recorded as something that the test's
// result depends on.
var openTrace = fmt.Sprintf("for _, v := range os.Environ() { if path, ok := strings.CutPrefix(v, %q); ok { ", variable+"=") +
	"if out, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err == nil { running.Store(" + traceKey + ", out) } } }; "

// traced makes statements that are run only in a trace, with its file at hand.
func traced(statements string) string {
	return "if kept, ok := running.Load(" + traceKey + "); ok { out := kept.(*os.File); " + statements + " }"
}

// appendLine makes a statement that appends a line: what happens, when, in which process, to what.
func appendLine(what, name string) string {
	return fmt.Sprintf(`fmt.Fprintf(out, "%s %%d %%d %%s\n", time.Now().UnixNano(), os.Getpid(), %s)`, what, name)
}

func say(what, name string) string { return traced(appendLine(what, name)) }

// nameSessions gives the process's sessions a name, unless they have one.
var nameSessions = fmt.Sprintf(`if os.Getenv("PGAPPNAME") == "" { name := %q + filepath.Base(out.Name()) + ":" + strconv.Itoa(os.Getpid()) + ":" + deps.ImportPath(); `+
	`if len(name) > %d { name = name[:%d] }; os.Setenv("PGAPPNAME", name) }; `, sessionPrefix, maxName, maxName)

// hold says how many connections the process has open, as far as the system shows, and goes on until
// it is let go, if there are any.
var hold = "open := -1; if all, err := os.ReadDir(\"/proc/self/fd\"); err == nil { open = 0; for _, fd := range all { " +
	`if link, _ := os.Readlink("/proc/self/fd/" + fd.Name()); strings.HasPrefix(link, "socket:") { open++ } } }; ` +
	appendLine("done", "strconv.Itoa(open)") +
	fmt.Sprintf(`; for begin := time.Now(); open != 0 && time.Since(begin) < %d; time.Sleep(5*time.Millisecond) { `, holdTime) +
	`if _, err := os.Stat(out.Name() + "." + strconv.Itoa(os.Getpid())); err == nil { break }; if _, err := os.Stat(out.Name()); err != nil { break } }`

// refusals are the errors of PostgreSQL and PgBouncer for too many clients.
var refusals = []string{"SQLSTATE 53300", "too many clients already", "remaining connection slots are reserved",
	"too many connections for ", "no more connections allowed"}

// whenRefused makes a condition on a test's message.
func whenRefused(statement string) string {
	conditions := make([]string, len(refusals))
	for i, message := range refusals {
		conditions[i] = "strings.Contains(s, " + strconv.Quote(message) + ")"
	}
	return fmt.Sprintf("if %s { %s }", strings.Join(conditions, " || "), statement)
}
