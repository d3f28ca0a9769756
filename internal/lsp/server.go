// Package lsp is a language server: it runs the rules on the modules that an editor has open,
// and tells the editor what they find and how to mend it.
//
// creachadair/jrpc2 carries the messages: it is kept up, needs nothing else, and frames, orders
// and cancels as the protocol wants. The protocol's structures are our own few: what has them all
// lacks diagnostics on request, or is no longer kept up.
package lsp

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/creachadair/jrpc2"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/redact"
)

// Options say what the server runs.
type Options struct {
	Version  string
	Settings Settings                                  // where the client says nothing
	Rules    func(list string) ([]finding.Rule, error) // that a list chooses, as -rules
	Analyse  func(context.Context, Run) (*driver.Result, error)
	Stderr   io.Writer // takes why the connection ends early; nil for nobody
}

// A Run is what to analyse: all packages of a module.
type Run struct {
	Dir     string // the module's
	Tags    string
	Rules   []finding.Rule
	Texts   driver.Overlay // of the Go files that the editor has open
	Saved   bool           // the texts are the disk's, as far as the server knows
	Session *driver.Session
	Early   func(driver.Early) // to be told of what was edited, before all is analysed
}

// The exit statuses that the protocol asks for.
const (
	Orderly  = 0 // the client has asked for the end twice, with shutdown and exit
	Deserted = 1 // it has not
)

// Errors of the protocol.
const (
	codeNotInitialized = jrpc2.Code(-32002)
	codeCancelled      = jrpc2.Code(-32800)
)

// A server serves one client.
type server struct {
	Options
	rpc  *jrpc2.Server
	ctx  context.Context // of the runs
	exit chan struct{}   // is closed when the client says exit, or is gone
	turn chan struct{}   // is held by the run that runs

	mu       sync.Mutex // guards what follows
	phase    phase
	client   capabilities
	encoding encoding
	rules    []finding.Rule
	folders  []string
	docs     map[string]*document // those open, by path
	modules  map[string]*module   // by directory
	told     map[string]bool      // messages that need not be shown again
	quit     sync.Once
}

type phase int

const (
	uninitialized phase = iota
	serving
	shutdown
)

// Serve serves the client that writes to in and reads from out until it ends the connection, and
// returns the exit status.
func Serve(ctx context.Context, in io.Reader, out io.WriteCloser, o Options) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if o.Settings.Severity == "" {
		o.Settings.Severity = finding.Warning
	}
	o.Settings.Diagnostics = push
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	s := &server{
		Options: o, ctx: ctx, exit: make(chan struct{}), turn: make(chan struct{}, 1),
		encoding: utf16Encoding, docs: map[string]*document{}, modules: map[string]*module{}, told: map[string]bool{},
	}
	s.rpc = jrpc2.NewServer(s.methods(), &jrpc2.ServerOptions{AllowPush: true, DisableBuiltin: true, Concurrency: maxRequests})
	s.rpc.Start(framed(in, out, o.Stderr))
	go func() {
		s.rpc.Wait()
		s.end()
	}()
	select {
	case <-s.exit:
	case <-ctx.Done():
	}
	cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == shutdown {
		return Orderly
	}
	return Deserted
}

// maxRequests bounds how many requests are answered at a time: those that wait for a run must
// not hold up the others.
const maxRequests = 100

// end ends Serve.
func (s *server) end() { s.quit.Do(func() { close(s.exit) }) }

// methods is the table of the messages that the server takes.
func (s *server) methods() methods {
	return methods{server: s, by: map[string]jrpc2.Handler{
		"initialize":  answer(s.initialize),
		"initialized": note(s.initialized),
		"shutdown":    answer(s.shutdown),
		"exit":        note(func(struct{}) { s.end() }),

		"$/cancelRequest": note(func(p cancelParams) { s.rpc.CancelRequest(string(p.ID)) }),

		"textDocument/didOpen":                note(s.didOpen),
		"textDocument/didChange":              note(s.didChange),
		"textDocument/didSave":                note(s.didSave),
		"textDocument/didClose":               note(s.didClose),
		"workspace/didChangeWatchedFiles":     note(s.didChangeWatchedFiles),
		"workspace/didChangeWorkspaceFolders": note(s.didChangeFolders),
		"workspace/didChangeConfiguration":    note(s.didChangeConfiguration),

		"textDocument/diagnostic": answer(s.documentDiagnostic),
		"workspace/diagnostic":    answer(s.workspaceDiagnostic),
		"textDocument/codeAction": answer(s.codeAction),
		"textDocument/hover":      answer(s.hover),
	}}
}

// methods finds the handler of a message.
type methods struct {
	*server
	by map[string]jrpc2.Handler
}

// Assign returns the handler of a method in the phase that the server is in; nil if there is none.
func (m methods) Assign(_ context.Context, method string) jrpc2.Handler {
	handle := m.by[method]
	if handle == nil {
		return nil
	}
	return func(ctx context.Context, r *jrpc2.Request) (result any, err error) {
		defer func() {
			if p := recover(); p != nil {
				m.crashed(method, p)
				err = jrpc2.Errorf(jrpc2.InternalError, "internal error: %v", p)
			}
		}()
		m.mu.Lock()
		phase := m.phase
		m.mu.Unlock()
		switch {
		case method == "exit" || method == "$/cancelRequest":
		case phase == uninitialized && method != "initialize":
			return nil, jrpc2.Errorf(codeNotInitialized, "the server is not initialized")
		case phase == serving && method == "initialize" || phase == shutdown:
			return nil, jrpc2.Errorf(jrpc2.InvalidRequest, "%s is out of turn", method)
		}
		result, err = handle(ctx, r)
		if ctx.Err() != nil {
			err = jrpc2.Errorf(codeCancelled, "cancelled")
		}
		return result, err
	}
}

// answer makes a handler of a function that answers a request.
func answer[P, R any](do func(context.Context, P) (R, error)) jrpc2.Handler {
	return func(ctx context.Context, r *jrpc2.Request) (any, error) {
		var params P
		if err := r.UnmarshalParams(&params); err != nil {
			return nil, err
		}
		return do(ctx, params)
	}
}

// note makes a handler of a function that takes a notification. The next message waits for it.
func note[P any](do func(P)) jrpc2.Handler {
	return func(_ context.Context, r *jrpc2.Request) (any, error) {
		var params P
		if err := r.UnmarshalParams(&params); err != nil {
			return nil, err
		}
		do(params)
		return nil, nil
	}
}

// crashed tells the user of a panic, which ends nothing but what panicked.
func (s *server) crashed(what string, p any) {
	s.show(levelError, "internal error in %s: %v", what, p)
	s.log("%s", debug.Stack())
}

// show shows a message to the user; the same message once.
func (s *server) show(level int, format string, args ...any) {
	message := "poollint: " + printable.Line(redact.Text(fmt.Sprintf(format, args...)))
	s.mu.Lock()
	told := s.told[message]
	s.told[message] = true
	s.mu.Unlock()
	if !told {
		s.send("window/showMessage", messageParams{level, message})
	}
}

// log writes to the client's log of the server.
func (s *server) log(format string, args ...any) {
	s.send("window/logMessage", messageParams{levelError, redact.Text(fmt.Sprintf(format, args...))})
}

// send sends a notification. If the client is gone, the server is about to end.
func (s *server) send(method string, params any) { _ = s.rpc.Notify(s.ctx, method, params) }

func (s *server) initialize(_ context.Context, p initializeParams) (initializeResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = serving
	s.client = p.Capabilities
	s.encoding = negotiated(p.Capabilities.General.PositionEncodings)
	for _, f := range p.WorkspaceFolders {
		s.folders = append(s.folders, pathOf(f.URI))
	}
	if root := pathOf(p.RootURI); root != "" && len(s.folders) == 0 {
		s.folders = append(s.folders, root)
	}
	if len(s.folders) == 0 && p.RootPath != "" {
		s.folders = append(s.folders, p.RootPath)
	}
	s.folders = slices.DeleteFunc(s.folders, func(f string) bool { return f == "" })
	settings, err := s.Settings.with(p.InitializationOptions)
	if err == nil {
		s.rules, err = s.Rules(settings.Rules)
	}
	if err != nil {
		return initializeResult{}, jrpc2.Errorf(jrpc2.InvalidParams, "%v", err)
	}
	s.Settings = settings
	if p.ProcessID != nil {
		go s.endWith(*p.ProcessID)
	}
	return initializeResult{s.capabilities(), serverInfo{"poollint", s.Version}}, nil
}

func (s *server) capabilities() map[string]any {
	c := map[string]any{
		"positionEncoding":   s.encoding,
		"textDocumentSync":   map[string]any{"openClose": true, "change": 2, "save": true}, // incremental
		"hoverProvider":      true,
		"codeActionProvider": map[string]any{"codeActionKinds": []string{kindQuickFix, kindFixAll}},
		"workspace":          map[string]any{"workspaceFolders": map[string]any{"supported": true, "changeNotifications": true}},
	}
	if s.Settings.Diagnostics == pull {
		c["diagnosticProvider"] = map[string]any{"identifier": "poollint", "interFileDependencies": true, "workspaceDiagnostics": true}
	}
	return c
}

// initialized asks the client to watch the files that findings depend on.
func (s *server) initialized(struct{}) {
	s.mu.Lock()
	asks := s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration
	s.mu.Unlock()
	if !asks {
		return
	}
	var watchers []map[string]any
	for _, glob := range watched {
		watchers = append(watchers, map[string]any{"globPattern": glob})
	}
	go s.rpc.Callback(s.ctx, "client/registerCapability", map[string]any{"registrations": []any{map[string]any{
		"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": map[string]any{"watchers": watchers},
	}}}) // without it, saving a file that is open is what the server hears of
}

// watched are the files that findings depend on.
var watched = []string{"**/*.go", "**/go.{mod,sum,work}", "**/.poollint.yml", "**/*.sql", "**/.env*", "**/sqlc.{yml,yaml,json}"}

func (s *server) shutdown(context.Context, struct{}) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = shutdown
	for _, m := range s.modules {
		m.stop()
	}
	return nil, nil
}

// endWith ends the server when a process is gone, such as an editor that was killed.
func (s *server) endWith(pid int) {
	process, err := os.FindProcess(pid)
	for ; err == nil; time.Sleep(lookForClient) {
		if signalled := process.Signal(syscall.Signal(0)); signalled == os.ErrProcessDone {
			break
		}
	}
	s.end()
}

// lookForClient is how often it is looked whether the client is still there.
const lookForClient = 2 * time.Second

func (s *server) didChangeConfiguration(p didChangeConfigurationParams) {
	if len(p.Settings.Poollint) == 0 {
		return
	}
	s.mu.Lock()
	settings, err := s.Settings.with(p.Settings.Poollint)
	settings.Diagnostics = s.Settings.Diagnostics
	var rules []finding.Rule
	if err == nil {
		rules, err = s.Rules(settings.Rules)
	}
	if err == nil {
		s.Settings, s.rules = settings, rules
		for _, m := range s.modules {
			m.session = nil // it is of other options
			m.request(0)
		}
	}
	s.mu.Unlock()
	if err != nil {
		s.show(levelError, "%v", err)
	}
}
