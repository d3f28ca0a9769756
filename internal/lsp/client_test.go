package lsp

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"
	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// module is a module with a finding of each kind of place and fix.
const moduleFiles = `
-- go.mod --
module example.com/m

go 1.26
-- migrations/1.sql --
CREATE TABLE prices (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, amount int NOT NULL);
-- store/store.go --
package store

import "database/sql"

// Raise raises the prices, 𝄞 and all.
func Raise(db *sql.DB) error {
	_, err := db.Exec("/* 𝄞 */ UPDATE prices SET amount = amount + 1")
	return err
}
-- store/store_test.go --
package store

import (
	"database/sql"
	"testing"
)

func TestPrice(t *testing.T) {
	db, err := sql.Open("pgx", "postgres://localhost/shop_test")
	if err != nil {
		t.Fatal(err)
	}
	db.Ping()
}
`

// wait bounds how long a test waits for what must come.
const wait = 20 * time.Second

// long is that for the first run over a large module.
const long = 5 * time.Minute

// A client is an editor, as far as the server sees one.
type client struct {
	testing.TB
	*jrpc2.Client
	status chan int // of the server

	mu       sync.Mutex
	changed  *sync.Cond
	shown    map[string][]diagnostic // by path
	versions map[string]int          // of what is shown
	messages []string
	called   []string // methods of the server's requests
	runs     int
}

// setup are the variable parts of a test's client and server.
type setup struct {
	params  map[string]any // of initialize, besides capabilities
	caps    map[string]any
	analyse func(context.Context, Run) (*driver.Result, error)
}

// connect starts a server and a client.
func connect(t *testing.T, s setup) *client {
	t.Helper()
	c := dial(t, s.analyse)
	c.initialize(s)
	return c
}

func dial(t testing.TB, analyse func(context.Context, Run) (*driver.Result, error)) *client {
	if analyse == nil {
		analyse = analyseAll
	}
	c := &client{TB: t, status: make(chan int, 1), shown: map[string][]diagnostic{}, versions: map[string]int{}}
	c.changed = sync.NewCond(&c.mu)
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	go func() {
		c.status <- Serve(t.Context(), in, out, Options{Version: "test", Rules: choose, Analyse: func(ctx context.Context, r Run) (*driver.Result, error) {
			c.mu.Lock()
			c.runs++
			c.mu.Unlock()
			return analyse(ctx, r)
		}})
		out.Close()
	}()
	c.Client = jrpc2.NewClient(channel.LSP(fromServer, toServer), &jrpc2.ClientOptions{OnNotify: c.notified, OnCallback: c.callback})
	t.Cleanup(func() { c.Close() })
	return c
}

func (c *client) initialize(s setup) map[string]any {
	c.Helper()
	params := map[string]any{"processId": os.Getpid(), "capabilities": s.caps}
	for key, value := range s.params {
		params[key] = value
	}
	var result map[string]any
	c.call("initialize", params, &result)
	c.note("initialized", struct{}{})
	return result
}

// choose chooses rules by name.
func choose(list string) ([]finding.Rule, error) {
	var rules []finding.Rule
	for _, rule := range poollint.Rules() {
		if list == "" || slices.Contains(strings.Split(list, ","), rule.Name) {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 0 {
		return nil, os.ErrNotExist
	}
	return rules, nil
}

func analyseAll(ctx context.Context, r Run) (*driver.Result, error) { return analyseIn(ctx, nil, r) }

func analyseIn(ctx context.Context, store *cache.Cache, r Run) (*driver.Result, error) {
	r.Session.Renew()
	settings, err := config.Load(r.Dir, false)
	if err != nil {
		return nil, err
	}
	return driver.Run(ctx, driver.Options{
		Dir: r.Dir, Patterns: []string{"./..."}, Tests: true, Tags: r.Tags, Rules: r.Rules,
		Libraries: dbapi.Libraries(settings.API.Openers...), Overlay: r.Texts, Session: r.Session, Early: r.Early, Unsaved: !r.Saved, Cache: store, Tool: "test",
	})
}

func (c *client) notified(r *jrpc2.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch r.Method() {
	case "textDocument/publishDiagnostics":
		var p publishDiagnosticsParams
		if err := r.UnmarshalParams(&p); err != nil {
			c.Error(err)
		}
		c.shown[pathOf(p.URI)] = p.Diagnostics
		if p.Version != nil {
			c.versions[pathOf(p.URI)] = *p.Version
		}
	case "window/showMessage":
		var p messageParams
		if err := r.UnmarshalParams(&p); err != nil {
			c.Error(err)
		}
		c.messages = append(c.messages, p.Message)
	}
	c.changed.Broadcast()
}

func (c *client) callback(_ context.Context, r *jrpc2.Request) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.called = append(c.called, r.Method()+" "+r.ParamString())
	c.changed.Broadcast()
	return nil, nil
}

func (c *client) call(method string, params, result any) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), wait)
	defer cancel()
	if err := c.CallResult(ctx, method, params, result); err != nil {
		c.Fatalf("%s: %v", method, err)
	}
}

// refused returns the code of the error that a request is answered with.
func (c *client) refused(method string, params any) jrpc2.Code {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), wait)
	defer cancel()
	_, err := c.Call(ctx, method, params)
	return jrpc2.ErrorCode(err)
}

func (c *client) note(method string, params any) {
	c.Helper()
	if err := c.Notify(c.Context(), method, params); err != nil {
		c.Fatalf("%s: %v", method, err)
	}
}

// until waits until a condition holds of what the server has told.
func (c *client) until(what string, holds func() bool) {
	c.Helper()
	c.within(wait, what, holds)
}

func (c *client) within(wait time.Duration, what string, holds func() bool) {
	c.Helper()
	over := time.AfterFunc(wait, c.changed.Broadcast)
	defer over.Stop()
	start := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !holds() {
		if time.Since(start) >= wait {
			c.Fatalf("waited in vain for %s; shown %v, messages %q", what, c.shown, c.messages)
		}
		c.changed.Wait()
	}
}

// rules returns the rules of what is shown at a file, sorted. c.mu is held.
func (c *client) rules(path string) string {
	var rules []string
	for _, d := range c.shown[path] {
		rules = append(rules, d.Code)
	}
	slices.Sort(rules)
	return strings.Join(rules, " ")
}

// untilRules waits until the findings shown at a file are of the rules.
func (c *client) untilRules(path, rules string) {
	c.Helper()
	c.until(rules+" at "+path, func() bool { return c.rules(path) == rules })
}

func (c *client) open(path, text string) {
	c.Helper()
	c.note("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uriOf(path), "languageId": "go", "version": 1, "text": text}})
}

// openFile opens a file as the disk has it.
func (c *client) openFile(path string) string {
	c.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		c.Fatal(err)
	}
	c.open(path, string(content))
	return string(content)
}

// replace replaces the whole text of a document.
func (c *client) replace(path string, version int, text string) {
	c.Helper()
	c.note("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uriOf(path), "version": version}, "contentChanges": []any{map[string]any{"text": text}}})
}

func (c *client) save(path string) {
	c.Helper()
	c.note("textDocument/didSave", document1(path))
}

// ended waits for the end of the run, which is told of a file before.
func (c *client) ended(path string) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), long)
	defer cancel()
	asked := map[string]any{"textDocument": document1(path)["textDocument"], "range": textRange{}, "context": map[string]any{"diagnostics": []any{}}}
	if _, err := c.Call(ctx, "textDocument/codeAction", asked); err != nil {
		c.Fatal(err)
	}
}

func document1(path string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": uriOf(path)}}
}

// tree writes the files of an archive, and returns their directory.
func tree(t testing.TB, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), string(f.Data))
	}
	return dir
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// edited returns a text with the edits of a document.
func edited(t testing.TB, before string, edits []textEdit, e encoding) string {
	t.Helper()
	for _, edit := range slices.Backward(edits) { // the server sorts them
		before = string(change{&edit.Range, edit.NewText}.apply([]byte(before), e))
	}
	return before
}

func encoded(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
