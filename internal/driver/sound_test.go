package driver

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/cache"
)

// variants are what each file of a tree may hold, the first without a mistake;
// "" stands for no file, $DIR for where the tree is, $N for a number that is new
// each time.
var variants = map[string][]string{
	"goenv": {
		"", "GOFLAGS=-overlay=$DIR/overlay.json\n", "GOFLAGS=-tags=extra\n", "GOFLAGS=-mod=mod\n", "GOFLAGS=-mod=vendor\n",
		"GOWORK=off\n", "GOWORK=$DIR/else.work\n", "CGO_ENABLED=0\n", "GO111MODULE=off\nGOPATH=$DIR/m\n",
	},
	"overlay.json": {"{\"Replace\": {\"$DIR/m/v/v.go\": \"$DIR/overlaid.txt\"}}", "{\"Replace\": {\"$DIR/m/a/more.go\": \"$DIR/overlaid.txt\"}}"},
	"overlaid.txt": {
		"package v\nimport \"database/sql\"\nfunc Open() *sql.DB { return nil }\nconst N = $N\n", "package v\nfunc Open() int { return $N }\n",
		"package a\nfunc init() { Open() }\n",
	},
	"else.work": {"go 1.26\nuse ./m\nreplace example.com/v => ./m/v\n", "go 1.26\nuse ./m\nreplace example.com/v => ./v2\n"},

	"go.work": {
		"", "", "", "go 1.26\nuse ./m\n", "go 1.26\nuse (\n./m\n./other\n)\n",
		"go 1.26\nuse (\n./m\n./other\n./vendored\n)\nreplace example.com/v v1.0.0 => ./m/v\nreplace example.com/v v1.1.0 => ./v2\n",
	},
	"other/go.mod":    {"module example.com/other\ngo 1.26\n", "module example.com/other\ngo 1.26\nrequire example.com/v v1.1.0\n"},
	"v2/go.mod":       {"module example.com/v\ngo 1.26\n"},
	"v2/v.go":         {"package v\nfunc Open() int { return $N }\n", "package v\nimport \"database/sql\"\nfunc Open() (*sql.DB, error) { return nil, nil }\nconst N = $N\n"},
	"other/o.go":      {"package o\n"},
	"outside/real.go": {"package links\nimport \"database/sql\"\nfunc L() { sql.Open(\"\", \"\") }\n", "package links\nfunc L() {}\n"},

	"m/go.mod":          {"module example.com/m\ngo 1.26\nrequire example.com/v v1.0.0\nreplace example.com/v => ./v\n", "module example.com/m\ngo 1.26\n", "module example.com/m\ngo 1.21\n", "module example.com/m\ngo 1.26\nrequire example.com/v v1.0.0\n"},
	"m/.poollint.yml":   {"", "tenant: {column: org_id}\n", "tenant: {column: ws_id}\n", "tenant: {colum: x}\n"},
	"m/b/.poollint.yml": {"", "tenant: {column: nested_id}\n"},
	"m/.env.test":       {"", "DSN=x\n"},
	"m/db/1.sql":        {"", "one", "two"},
	"m/db/2.sql":        {"", "three"},

	"m/a/a.go": {
		"package a\nimport \"database/sql\"\nfunc Open() { sql.Open(\"\", \"\") }\nfunc Other() {}\n",
		"package a\nimport \"database/sql\"\nfunc Open() { open() }\nfunc open() { sql.Open(\"\", \"\") }\nfunc Other() {}\n",
		"package a\nimport _ \"database/sql\"\nfunc Open() {}\nfunc Other() {}\n",
		"package a\nimport \"database/sql\"\nfunc Open() {}\nfunc Other() { sql.Open(\"\", \"\") }\n",
		"package a\n\nimport \"database/sql\"\n\n//poollint:ignore opens -- here it may\nfunc Open() { sql.Open(\"\", \"\") }\nfunc Other() {}\n",
		"package a\nfunc Open() {}\nfunc Other() {}\n",
	},
	"m/a/more.go": {
		"", "//go:build extra\n\npackage a\nfunc init() { Open() }\n", "package a\nfunc init() { Open() }\n", "package a\nfunc init() {\n", "package a\nvar unused int = \"\"\n",
		"package a\nfunc f() { x := 1 }\n",
	},
	"m/a/a_test.go": {"", "package a\nfunc Helper() { Open() }\n", "package a\nvar x int = \"\"\n", "package a_test\nimport \"example.com/m/a\"\nfunc f() { a.Open() }\n"},
	"m/a/x_test.go": {"", "package a_test\nimport (\"example.com/m/a\"; \"example.com/m/b\")\nfunc g() { a.Other(); b.B() }\n"},
	"m/b/b.go":      {"package b\nimport \"example.com/m/a\"\nfunc B() { a.Open() }\n", "package b\nimport \"example.com/m/a\"\nfunc B() { a.Open(); a.Other() }\n"},
	"m/c/c.go":      {"package c\nimport \"example.com/m/b\"\nfunc C() { b.B() }\n", "", "package c\nimport \"example.com/m/missing\"\n", "package c\nimport \"example.com/m/b\"\nfunc C() { b.B() }\nfunc D() { C() }\n", "package c\nimport (\"example.com/m/b\"; _ \"example.com/m/deep/x\")\nfunc C() { b.B() }\n"},
	"m/deep/go.mod": {"", "", "module example.com/deep\ngo 1.26\n"},
	"m/deep/x/x.go": {"package x\n", "package x\nvar x int = \"\"\n"},
	"m/new/new.go":  {"", "", "package new\nimport \"example.com/m/c\"\nfunc N() { c.C() }\n"},
	"m/links/l.go":  {"package links\n", "package links\nfunc M() { L() }\n"},
	"m/plain/p.go":  {"package plain\n", "package plain\nimport _ \"database/sql\"\n"},
	"m/embed/e.go":  {"package embed\nimport (_ \"embed\"; _ \"database/sql\")\n//go:embed *.txt\nvar s string\n", "package embed\n"},
	"m/embed/e.txt": {"text", ""},
	"m/v/go.mod":    {"module example.com/v\ngo 1.26\n"},
	"m/v/v.go": {
		"package v\nimport \"database/sql\"\nfunc Open() *sql.DB { return nil }\nconst N = $N\n",
		"package v\nimport \"database/sql\"\nfunc Open() (*sql.DB, error) { return nil, nil }\nconst N = $N\n", "package v\nfunc Open() int { return $N }\n",
		"package v\nimport \"example.com/v/in\"\nfunc Open() in.DB { return in.DB{} }\nconst N = $N\n",
	},
	"m/v/in/in.go":   {"package in\ntype DB struct{}\nfunc (DB) Close() {}\nconst N = $N\n", "package in\ntype DB struct{ N [$N]int }\n"},
	"m/usev/u.go":    {"package usev\nimport \"example.com/v\"\nvar D = v.Open()\nfunc F() { D.Close() }\n", ""},
	"m/tags_test.go": {"", "//go:build integration\n\npackage m\n"},

	"vendored/go.mod": {"module example.com/vendored\ngo 1.26\nrequire example.com/w v1.0.0\n", "module example.com/vendored\ngo 1.25\nrequire example.com/w v1.0.0\n"},
	"vendored/vendor/modules.txt": {
		"# example.com/w v1.0.0\n## explicit; go 1.26\nexample.com/w\nexample.com/w/in\n", "# example.com/w v1.0.0\n## explicit; go 1.26\nexample.com/w\nexample.com/w/in\n",
		"# example.com/w v1.0.0\n## explicit; go 1.26\nexample.com/w\n", "# example.com/w v1.0.1\n## explicit; go 1.26\nexample.com/w\n",
	},
	"vendored/vendor/example.com/w/w.go": {
		"package w\nimport \"database/sql\"\nfunc Open() *sql.DB { return nil }\nconst N = $N\n",
		"package w\nimport \"database/sql\"\nfunc Open() (*sql.DB, error) { return nil, nil }\nconst N = $N\n", "package w\nfunc Open() int { return $N }\n",
		"package w\nimport \"example.com/w/in\"\nfunc Open() in.DB { return in.DB{} }\nconst N = $N\n",
	},
	"vendored/vendor/example.com/w/more.go":  {"", "package w\nconst N = $N\n"},
	"vendored/vendor/example.com/w/in/in.go": {"package in\ntype DB struct{}\nfunc (DB) Close() {}\nconst N = $N\n", "package in\ntype DB struct{ N [$N]int }\n", ""},
	"vendored/a/a.go": {
		"package a\nimport (\"database/sql\"; \"example.com/w\")\nfunc A() { w.Open().Close(); sql.Open(\"\", \"\") }\n", "package a\nimport \"database/sql\"\nfunc A() { sql.Open(\"\", \"\") }\n",
		"package a\nimport (\"database/sql\"; \"example.com/w\")\nvar DB *sql.DB = w.Open()\nfunc A() {}\n",
	},
	"vendored/b/b_test.go": {"", "package b\nimport (\"testing\"; \"example.com/vendored/a\")\nfunc TestB(t *testing.T) { a.A() }\n"},
}

// unlisted are the files of which only what is made of them, or what they have
// the go command do, is seen.
var unlisted = []string{
	"goenv", "goenv", "overlaid.txt", "overlaid.txt", "else.work", "v2/v.go", "other/go.mod", "m/v/v.go", "m/v/in/in.go",
	"vendored/vendor/example.com/w/w.go", "vendored/vendor/example.com/w/in/in.go",
}

// A cached run finds what an uncached one does, whatever has changed between
// two of them, and whatever befell those before. POOLLINT_SOUNDNESS_STEPS sets
// how many changes are tried.
func TestCachedRunsAreSound(t *testing.T) {
	steps := 10
	if n, err := strconv.Atoi(os.Getenv("POOLLINT_SOUNDNESS_STEPS")); err == nil {
		steps = n
	}
	seed := uint64(time.Now().UnixNano())
	w := &world{
		T: t, Rand: rand.New(rand.NewPCG(seed, 0)), dir: tree(t, ""), cache: t.TempDir(), now: map[string]int{},
		sessions: map[string]*Session{}, counts: map[string]int{},
	}
	t.Setenv("GOENV", filepath.Join(w.dir, "goenv"))
	w.mend()
	if err := os.Symlink("../../outside/real.go", filepath.Join(w.dir, "m/links/real.go")); err != nil {
		t.Fatal(err)
	}
	for step := range steps {
		w.change()
		if problem := w.compare(); problem != "" {
			t.Fatalf("step %d, seed %d:\n%s\nafter %s", step, seed, problem, strings.Join(w.history, "\n"))
		}
	}
	t.Logf("%d steps: %v", steps, w.counts)
}

// A world is a tree of files that changes at random, and a cache.
type world struct {
	*testing.T
	*rand.Rand
	dir, cache string
	now        map[string]int // the variant of each file
	sessions   map[string]*Session
	broken     bool // there are mistakes
	history    []string
	counts     map[string]int // of what happened
}

// mend writes the first variant of each file.
func (w *world) mend() {
	for _, file := range slices.Sorted(maps.Keys(variants)) {
		if i, ok := w.now[file]; !ok || i > 0 {
			w.set(file, 0)
		}
	}
}

func (w *world) set(file string, variant int) {
	w.now[file] = variant
	w.history = append(w.history, fmt.Sprintf("%s = %d", file, variant))
	content := variants[file][variant]
	content = strings.NewReplacer("$DIR", w.dir, "$N", strconv.Itoa(w.IntN(1e9))).Replace(content)
	path := filepath.Join(w.dir, filepath.FromSlash(file))
	var err error
	if content == "" {
		err = os.Remove(path)
		if os.IsNotExist(err) {
			err = nil
		}
	} else if err = os.MkdirAll(filepath.Dir(path), 0o777); err == nil {
		err = os.WriteFile(path, []byte(content), 0o666)
	}
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) note(what string) {
	w.history = append(w.history, what)
	w.counts[what]++
}

// change writes one file or two, or mends all, and may have the go command
// compile.
func (w *world) change() {
	if w.broken && w.IntN(4) == 0 {
		w.mend() // little is kept of what has mistakes
	}
	files := slices.Sorted(maps.Keys(variants))
	for range 1 + w.IntN(2) {
		files := [][]string{files, unlisted}[w.IntN(2)]
		file := files[w.IntN(len(files))]
		w.set(file, w.IntN(1+w.IntN(len(variants[file]))))
	}
	if w.IntN(4) > 0 {
		time.Sleep(60 * time.Millisecond) // else the change is too young to be kept
	}
	if w.IntN(3) == 0 {
		w.note("compiled")
		build := exec.Command("go", "build", "./...")
		build.Dir = filepath.Join(w.dir, []string{"m", "m/v", "vendored"}[w.IntN(3)])
		build.Run() // there may be mistakes
	}
}

// compare runs with the cache and without, and tells the difference.
func (w *world) compare() string {
	ask := question{Dir: filepath.Join(w.dir, "m"), Patterns: []string{"./..."}, Load: LoadAuto, Cache: w.cache}
	if w.IntN(4) == 0 {
		ask.Dir = filepath.Join(w.dir, "vendored")
	} else if w.IntN(3) == 0 {
		ask.Patterns = [][]string{{"./a", "./c/..."}, {"./c"}, {"./n.../..."}, {"./.../links"}, {"./usev"}}[w.IntN(5)]
	}
	if w.IntN(3) == 0 {
		ask.Load = []Load{LoadSource, LoadExport}[w.IntN(2)]
	}
	if w.IntN(4) == 0 {
		ask.Tags = "extra"
	}
	w.note(fmt.Sprintf("%s %s", ask.Load, filepath.Base(ask.Dir)))
	start := time.Now()
	want := ask.answer(nil)
	took := time.Since(start)
	answers := map[string]answer{}
	switch w.IntN(8) {
	case 0:
		w.note("killed")
		ask.killed(w.T, time.Duration(w.Int64N(int64(took)*3/2+1)))
	case 1:
		w.note("full disk")
		full := ask
		full.Full, full.Room = 1+w.IntN(4), w.IntN(3000)
		answers["on a full disk"] = full.alone(w.T)
	}
	store, err := cache.Open(w.cache)
	if err != nil {
		w.Fatal(err)
	}
	answers["cached"] = ask.answer(store)
	answers["cached again"] = ask.answer(store) // what the first run keeps, the second takes
	if w.IntN(2) == 0 {
		store = nil
	}
	answers["in a session"] = w.inSession(ask, store)
	answers["in a session again"] = w.inSession(ask, store)
	if problem := w.compareUnsaved(ask, store); problem != "" {
		return problem
	}
	for name, got := range answers {
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%s %+v\ngot  %+v, %s\nwant %+v, %s", name, ask, got.Result, got.Err, want.Result, want.Err)
		}
	}
	w.broken = want.Err != "" || len(want.Result.Failures) > 0
	switch {
	case want.Err != "":
		w.counts["no run"]++
	case w.broken:
		w.counts["with failures"]++
	default:
		w.counts["clean"]++
	}
	return ""
}

// inSession makes the run in the session of its options.
func (w *world) inSession(ask question, store *cache.Cache) answer {
	key := fmt.Sprintf("%s %s %s %s", ask.Dir, ask.Patterns, ask.Load, ask.Tags)
	if w.sessions[key] == nil {
		w.sessions[key] = new(Session)
	}
	ask.Session = w.sessions[key]
	if w.IntN(3) > 0 {
		ask.Session.Renew()
	}
	return ask.answer(store)
}

// compareUnsaved has some Go files hold another variant in an editor, and tells whether the session
// finds what a single run does.
func (w *world) compareUnsaved(ask question, store *cache.Cache) string {
	ask.Overlay = Overlay{}
	var names []string
	for range 1 + w.IntN(2) {
		file := openable[w.IntN(len(openable))]
		content := variants[file][w.IntN(len(variants[file]))]
		if content == "" {
			continue
		}
		names = append(names, file)
		ask.Overlay[filepath.Join(w.dir, filepath.FromSlash(file))] = []byte(strings.NewReplacer("$DIR", w.dir, "$N", strconv.Itoa(w.IntN(1e9))).Replace(content))
	}
	w.history = append(w.history, fmt.Sprintf("unsaved %s", names))
	want := ask.answer(nil)
	for range 2 {
		if got := w.inSession(ask, store); !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("unsaved %v %+v\ngot  %+v, %s\nwant %+v, %s", names, ask, got.Result, got.Err, want.Result, want.Err)
		}
	}
	return ""
}

// openable are the files of packages that are listed.
var openable = []string{"m/a/a.go", "m/a/more.go", "m/a/a_test.go", "m/a/x_test.go", "m/b/b.go", "m/c/c.go", "m/new/new.go", "m/plain/p.go", "vendored/a/a.go"}

// What the cache holds is used: nothing is analysed that is known.
func TestCacheIsUsed(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(60 * time.Millisecond)
	analysed := func() int {
		o := options(dir)
		n := 0
		o.Cache, o.Tool, o.Progress = store, "test", func(done, total int) { n = done }
		equal(t, "findings", lines(dir, mustRun(t, o)), serviceFindings)
		return n
	}
	if first := analysed(); first < 8 {
		t.Errorf("the first run analyses %d", first)
	}
	if again := analysed(); again != 0 {
		t.Errorf("the second run analyses %d", again)
	}
	write(t, dir, "-- apitest/apitest.go --\npackage apitest\nimport \"example.com/service/api\"\nfunc Start() { api.Start() }\n// new\n")
	time.Sleep(60 * time.Millisecond)
	if leaf := analysed(); leaf < 1 || leaf > 3 {
		t.Errorf("after a leaf was edited %d are analysed", leaf)
	}
}

// A package takes the place of its broken test variant, also one that was kept
// for its facts and is not otherwise needed.
func TestKeptPackageForBrokenVariant(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := options(dir, "./web")
	o.Cache, o.Tool = store, "test"
	time.Sleep(60 * time.Millisecond)
	equal(t, "before", lines(dir, mustRun(t, o)), serviceFindings[11:])
	write(t, dir, "-- web/web_test.go --\npackage web\nvar x int = \"\"\n")
	time.Sleep(60 * time.Millisecond)
	equal(t, "after", lines(dir, mustRun(t, o)), serviceFindings[11:12])
}

// logged puts a go command before the real one that logs its calls, and returns
// a function that tells whether there were some since it was called last.
func logged(t *testing.T) (asked func() bool) {
	t.Helper()
	realGo, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	log := filepath.Join(bin, "log")
	script := fmt.Sprintf("#!/bin/sh\necho \"$@\" >>%s\nexec %s \"$@\"\n", log, realGo)
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return func() bool { return os.Remove(log) == nil }
}

// Where nothing has changed the go command is not asked, nor where nothing has
// that it looks at.
func TestRunsThatAskNobody(t *testing.T) {
	asked := logged(t)
	dir := tree(t, service)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run := func(what string, wantAsked bool, findings []string) {
		t.Helper()
		time.Sleep(60 * time.Millisecond) // else a change is too young to be kept
		o := options(dir)
		o.Cache, o.Tool = store, "test"
		equal(t, "findings", lines(dir, mustRun(t, o)), findings)
		if got := asked(); got != wantAsked {
			t.Errorf("%s: go command asked: %v", what, got)
		}
	}
	run("the first run", true, serviceFindings)
	run("again", false, serviceFindings)
	for _, change := range []struct {
		what, archive string
		asked         bool
		findings      []string
	}{
		{"a new file", "-- web/new.txt --\n", true, serviceFindings},
		{"a new directory", "-- deep/below/README --\n", true, serviceFindings},
		{"a new go.sum", "-- ../" + filepath.Base(dir) + "/go.sum --\n", true, serviceFindings},
		{"another go command", "-- ../.go-version --\n", true, serviceFindings},
		{"a new Go file", "-- api/more.go --\npackage api\n", true, serviceFindings},
		{"a function", "-- api/more.go --\npackage api\nfunc more() {}\n", false, serviceFindings},
		{"an import", "-- api/more.go --\npackage api\nimport \"database/sql\"\nfunc more() { sql.Open(\"\", \"\") }\n", true,
			slices.Insert(slices.Clone(serviceFindings), 4, "api/more.go:3: opens: sql.Open")},
		{"no more finding", "-- api/more.go --\npackage api\nimport \"database/sql\"\nfunc more() { _ = sql.ErrNoRows }\n", false, serviceFindings},
		{"a mistake", "-- api/more.go --\npackage api\nimport \"database/sql\"\nfunc more() { return sql.ErrNoRows }\n", false, nil},
	} {
		write(t, dir, change.archive)
		if change.findings == nil {
			time.Sleep(60 * time.Millisecond)
			o := options(dir)
			o.Cache, o.Tool = store, "test"
			if r := mustRun(t, o); len(r.Failures) == 0 || asked() != change.asked {
				t.Errorf("%s: %v", change.what, r.Failures)
			}
			continue
		}
		run(change.what, change.asked, change.findings)
		run("again after "+change.what, false, change.findings)
	}
}

// Where the go command has trimmed its cache since, it is asked again.
func TestTrimmedBuildCache(t *testing.T) {
	t.Parallel()
	dir := tree(t, service)
	store, err := cache.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := options(dir)
	o.Cache, o.Tool = store, "test"
	time.Sleep(60 * time.Millisecond)
	mustRun(t, o)
	m := newMemory(o, dir)
	var was listed
	if !load(store, m.listed, &was) {
		t.Fatal("the listing was not kept")
	}
	for i := range was.Units {
		if was.Units[i].ExportFile != "" {
			was.Units[i].ExportFile = filepath.Join(dir, "gone")
		}
	}
	if err := save(store, m.listed, was); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "-- web/web.go --\npackage web\nimport \"example.com/service/store\"\nfunc Serve() { store.New(\"\"); _ = 1 }\n")
	equal(t, "findings", lines(dir, mustRun(t, o)), serviceFindings)
}

func TestHeader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"package p\n\nfunc f() {}\n", "package p"},
		{"//go:build x\n\npackage p\nimport \"a\"; import b \"b\"\nvar x int\n", "//go:build x\n\npackage p\nimport \"a\"; import b \"b\""},
		{"package p\nimport (\n\t_ \"embed\"\n)\n\n//go:embed a b\nvar x string\nvar y int\n//go:embed c", "package p\nimport (\n\t_ \"embed\"\n)\n//go:embed a b\n//go:embed c"},
		{"package p\n// #cgo LDFLAGS: -lx\nimport \"C\"\nvar x int", "package p\n// #cgo LDFLAGS: -lx\nimport \"C\""},
		{"package\nvar x", "package\nvar x"},
		{"package p\n\nfunc TestX(t *testing.T) {\n}\n\nfunc BenchmarkX(b *testing.B) {}\n", "package p"},
		{"package p\n\nfunc TestX(t *testing.T, _ int) {\n}\n", "package p\nfunc TestX(t *testing.T, _ int)"},
		{"package p\n\nfunc TestMain(m *testing.M) {\n}\nfunc FuzzX(\n\tf *testing.T,\n) {}", "package p\nfunc TestMain(m *testing.M)\nfunc FuzzX(\n\tf *testing.T,\n)"},
		{"", ""},
	} {
		if got := string(header([]byte(c.text))); got != c.want {
			t.Errorf("header of %q is %q, not %q", c.text, got, c.want)
		}
	}
}
