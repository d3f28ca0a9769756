package lsp

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creachadair/jrpc2"

	"github.com/poollint/poollint/internal/driver"
)

const testRules = "missingcleanup poollimit"

// What is found is shown at the file that is opened, and at those that are not.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	c := connect(t, setup{})
	test, code := filepath.Join(dir, "store/store_test.go"), filepath.Join(dir, "store/store.go")
	c.openFile(test)
	c.untilRules(test, testRules)
	c.untilRules(code, "tenantfilter")
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.shown[code][0]
	if want := (textRange{position{6, 36}, position{6, 42}}); d.Range != want { // UTF-16: the clef counts twice
		t.Errorf("range %v, want %v", d.Range, want)
	}
	if d.Severity != levelError || d.Source != "poollint" || !strings.Contains(d.CodeDescription.Href, "tenantfilter.md") || !strings.Contains(d.Message, "tenant_id") {
		t.Errorf("%s", encoded(d))
	}
	if c.versions[test] != 1 {
		t.Errorf("version %d", c.versions[test])
	}
}

// What is typed counts, not what the disk holds; what is closed counts as on the disk.
func TestChangeSaveClose(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	c := connect(t, setup{})
	test := filepath.Join(dir, "store/store_test.go")
	text := c.openFile(test)
	c.untilRules(test, testRules)
	c.note("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": uriOf(test), "version": 2},
		"contentChanges": []any{
			map[string]any{"range": textRange{position{11, 10}, position{11, 10}}, "text": "\n\tdb.SetMaxOpenConns(3)"},
			map[string]any{"range": textRange{position{11, 10}, position{11, 10}}, "text": "\n\tt.Cleanup(func() { db.Close() })"},
		},
	})
	c.until("version 2", func() bool { return c.versions[test] == 2 && c.rules(test) == "" })
	c.note("textDocument/didClose", document1(test))
	c.untilRules(test, testRules)
	write(t, test, strings.Replace(text, "\tdb.Ping()", "\tdb.SetMaxOpenConns(3)", 1))
	c.note("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(test), "type": 2}}})
	c.untilRules(test, "missingcleanup")
	c.openFile(test)
	write(t, test, "package store\n")
	c.replace(test, 2, "package store\n")
	c.save(test)
	c.untilRules(test, "")
}

// Other files than Go's count once they are saved.
func TestConfigurationAndSchema(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	c := connect(t, setup{})
	code, settings, ddl := filepath.Join(dir, "store/store.go"), filepath.Join(dir, ".poollint.yml"), filepath.Join(dir, "migrations/1.sql")
	c.openFile(code)
	c.untilRules(code, "tenantfilter")
	write(t, settings, "tenant:\n  shared_tables: [prices]\n")
	c.save(settings)
	c.untilRules(code, "")
	write(t, settings, "tenant:\n  colum: x\n")
	c.save(settings)
	c.until("the mistake", func() bool {
		return len(c.shown[settings]) == 1 && c.shown[settings][0].Range.Start == position{1, 2} && strings.Contains(c.shown[settings][0].Message, "colum")
	})
	if err := os.Remove(settings); err != nil {
		t.Fatal(err)
	}
	c.note("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(settings), "type": 3}}})
	c.untilRules(code, "tenantfilter")
	c.untilRules(settings, "")
	write(t, ddl, "CREATE TABLE prices (id bigint PRIMARY KEY);\n")
	c.save(ddl)
	c.untilRules(code, "")
}

// Each module is a run of its own; a file in none is left alone.
func TestModules(t *testing.T) {
	t.Parallel()
	nested := strings.NewReplacer("-- ", "-- nested/", "example.com/m", "example.com/nested").Replace(moduleFiles)
	dir := tree(t, moduleFiles+nested+"-- go.work --\ngo 1.26\n\nuse (\n\t.\n\t./nested\n)\n")
	c := connect(t, setup{})
	inner, outer, none := filepath.Join(dir, "nested/store/store.go"), filepath.Join(dir, "store/store.go"), filepath.Join(t.TempDir(), "x.go")
	c.open(none, "package x\n")
	c.openFile(inner)
	c.untilRules(inner, "tenantfilter")
	c.mu.Lock()
	if c.shown[outer] != nil {
		t.Error("the outer module has run")
	}
	c.mu.Unlock()
	c.openFile(outer)
	c.untilRules(outer, "tenantfilter")
	c.note("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": []any{}, "removed": []any{map[string]any{"uri": uriOf(filepath.Join(dir, "nested"))}}}})
	c.untilRules(inner, "")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	test := filepath.Join(dir, "store/store_test.go")
	c := connect(t, setup{params: map[string]any{"initializationOptions": map[string]any{"rules": "newpool,poollimit", "severity": "info"}}})
	c.openFile(test)
	c.untilRules(test, "newpool poollimit")
	c.note("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"poollint": map[string]any{"severity": "warning"}}})
	c.untilRules(test, "poollimit")
	c.note("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"poollint": map[string]any{"rule": "newpool"}}})
	c.until("a message", func() bool { return strings.Contains(strings.Join(c.messages, "\n"), `unknown field "rule"`) })

	for _, bad := range []map[string]any{{"rules": "nosuchrule"}, {"severity": "fatal"}, {"diagnostics": "mail"}, {"x": 1}} {
		c := dial(t, nil)
		if code := c.refused("initialize", map[string]any{"initializationOptions": bad, "capabilities": map[string]any{}}); code != jrpc2.InvalidParams {
			t.Errorf("%v: code %d", bad, code)
		}
	}
}

// Clients that count in bytes are counted for in bytes.
func TestEncodings(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	code := filepath.Join(dir, "store/store.go")
	for offered, want := range map[encoding]int{utf8Encoding: 44, utf16Encoding: 42} {
		c := dial(t, nil)
		got := c.initialize(setup{caps: map[string]any{"general": map[string]any{"positionEncodings": []encoding{offered, utf16Encoding}}}})
		if e := got["capabilities"].(map[string]any)["positionEncoding"]; e != string(offered) {
			t.Errorf("%s is offered, and %v taken", offered, e)
		}
		c.openFile(code)
		c.untilRules(code, "tenantfilter")
		c.mu.Lock()
		if end := c.shown[code][0].Range.End.Character; end != want {
			t.Errorf("%s: the end is %d, not %d", offered, end, want)
		}
		c.mu.Unlock()
	}
}

func TestPull(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	test, code := filepath.Join(dir, "store/store_test.go"), filepath.Join(dir, "store/store.go")
	c := connect(t, setup{
		params: map[string]any{"rootUri": uriOf(dir), "initializationOptions": map[string]any{"diagnostics": "pull"}},
		caps:   map[string]any{"workspace": map[string]any{"diagnostics": map[string]any{"refreshSupport": true}}},
	})
	var all workspaceReport
	c.call("workspace/diagnostic", map[string]any{"previousResultIds": []any{}}, &all)
	if len(all.Items) != 2 || pathOf(all.Items[0].URI) != code || pathOf(all.Items[1].URI) != test || len(*all.Items[1].Items) != 2 {
		t.Fatalf("%s", encoded(all))
	}
	previous := []any{map[string]any{"uri": all.Items[0].URI, "value": all.Items[0].ResultID}, map[string]any{"uri": uriOf(dir + "/gone.go"), "value": "x"}}
	c.call("workspace/diagnostic", map[string]any{"previousResultIds": previous}, &all)
	if len(all.Items) != 3 || all.Items[1].Kind != "unchanged" || all.Items[0].Kind != "full" || len(*all.Items[0].Items) != 0 {
		t.Errorf("%s", encoded(all))
	}
	text := c.openFile(test)
	var one, again diagnosticReport
	c.call("textDocument/diagnostic", document1(test), &one)
	if one.Kind != "full" || len(*one.Items) != 2 {
		t.Errorf("%s", encoded(one))
	}
	c.replace(test, 2, strings.Replace(text, "db.Ping()", "db.SetMaxOpenConns(3)", 1))
	c.call("textDocument/diagnostic", document1(test), &one)
	if len(*one.Items) != 1 {
		t.Errorf("what is typed is not in the answer: %s", encoded(one))
	}
	params := document1(test)
	params["previousResultId"] = one.ResultID
	c.call("textDocument/diagnostic", params, &again)
	if again.Kind != "unchanged" || again.Items != nil {
		t.Errorf("%s", encoded(again))
	}
	c.call("textDocument/diagnostic", document1(filepath.Join(t.TempDir(), "x.go")), &one)
	if one.Kind != "full" || len(*one.Items) != 0 {
		t.Errorf("a file in no module: %s", encoded(one))
	}
	c.until("a refresh", func() bool {
		return strings.Contains(strings.Join(c.called, "\n"), "workspace/diagnostic/refresh")
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.shown) > 0 {
		t.Errorf("diagnostics are sent as well: %v", c.shown)
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	test := filepath.Join(dir, "store/store_test.go")
	c := connect(t, setup{caps: map[string]any{"workspace": map[string]any{"workspaceEdit": map[string]any{"documentChanges": true}}}})
	text := c.openFile(test)
	text = strings.Replace(text, "package store\n", "package store\n\n// 𝄞 is typed.\n", 1)
	c.replace(test, 7, text)
	ask := func(line int, only ...string) []codeAction {
		params := document1(test)
		params["range"] = textRange{position{line, 14}, position{line, 14}}
		params["context"] = map[string]any{"diagnostics": []any{}, "only": only}
		var actions []codeAction
		c.call("textDocument/codeAction", params, &actions)
		return actions
	}
	all := ask(10)
	var titles []string
	for _, a := range all {
		titles = append(titles, a.Kind+" "+a.mends())
		edit := a.Edit.DocumentChanges[0]
		if *edit.TextDocument.Version != 7 {
			t.Errorf("version %d", *edit.TextDocument.Version)
		}
		after := edited(t, text, edit.Edits, utf16Encoding)
		switch {
		case a.Kind == kindFixAll && strings.Contains(after, "\tt.Cleanup(func() { _ = db.Close() })\n\tdb.SetMaxOpenConns(3)\n"):
		case a.mends() == "missingcleanup" && strings.Contains(after, "\tt.Cleanup(func() { _ = db.Close() })\n\tdb.Ping()\n"):
		case a.mends() == "poollimit" && strings.Contains(after, "\tdb.SetMaxOpenConns(3)\n\tdb.Ping()\n"):
		default:
			t.Errorf("%s makes\n%s", a.Title, after)
		}
	}
	if want := []string{"quickfix missingcleanup", "quickfix poollimit", kindFixAll + " "}; !reflect.DeepEqual(titles, want) {
		t.Errorf("actions %q, want %q", titles, want)
	}
	if got := ask(2, "source.fixAll"); len(got) != 1 || got[0].Kind != kindFixAll {
		t.Errorf("source.fixAll: %s", encoded(got))
	}
	if got := ask(2, kindQuickFix); len(got) != 0 {
		t.Errorf("away from the findings: %s", encoded(got))
	}
	if got := ask(10, "refactor"); len(got) != 0 {
		t.Errorf("refactor: %s", encoded(got))
	}
	c.replace(test, 8, edited(t, text, all[2].Edit.DocumentChanges[0].Edits, utf16Encoding))
	c.untilRules(test, "")
	if got := ask(10); len(got) != 0 {
		t.Errorf("nothing is left to fix: %s", encoded(got))
	}
}

// mends returns the rule of the diagnostic that an action mends.
func (a codeAction) mends() string {
	if len(a.Diagnostics) == 0 {
		return ""
	}
	return a.Diagnostics[0].Code
}

func TestHover(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	code := filepath.Join(dir, "store/store.go")
	c := connect(t, setup{})
	text := c.openFile(code)
	c.untilRules(code, "tenantfilter")
	over := func(line, character int) string {
		params := document1(code)
		params["position"] = position{line, character}
		var h hover
		c.call("textDocument/hover", params, &h)
		return h.Contents.Value
	}
	if got := over(6, 38); !strings.HasPrefix(got, "# tenantfilter\n") || !strings.Contains(got, "docs/rules/tenantfilter.md") {
		t.Errorf("over the finding: %.80q", got)
	}
	if got := over(0, 0); got != "" {
		t.Errorf("over nothing: %.80q", got)
	}
	c.replace(code, 2, strings.Replace(text, "\t_, err", "\t//poollint:ignore tenantfilter,newpool -- all of them\n\t_, err", 1)+"\nvar s = `\n//poollint:ignore tenantfilter -- no comment\n`\n")
	c.untilRules(code, "directive") // newpool has nothing to silence
	c.mu.Lock()
	if tags := c.shown[code][0].Tags; !reflect.DeepEqual(tags, []int{tagUnnecessary}) {
		t.Errorf("tags %v of what has no use", tags)
	}
	c.mu.Unlock()
	if got := over(6, 8); !strings.Contains(got, "# tenantfilter\n") || !strings.Contains(got, "# newpool\n") {
		t.Errorf("over a directive: %.80q", got)
	}
	if got := over(12, 8); got != "" {
		t.Errorf("in a literal: %.80q", got)
	}
}

// The phases of a connection, with the exit statuses that the protocol asks for.
func TestPhases(t *testing.T) {
	t.Parallel()
	exit := func(c *client) int {
		c.Helper()
		select {
		case status := <-c.status:
			return status
		case <-time.After(wait):
			c.Fatal("the server goes on")
			return -1
		}
	}
	c := dial(t, nil)
	if code := c.refused("textDocument/hover", document1("/x.go")); code != codeNotInitialized {
		t.Errorf("before initialize: %d", code)
	}
	c.initialize(setup{})
	if code := c.refused("initialize", map[string]any{"capabilities": map[string]any{}}); code != jrpc2.InvalidRequest {
		t.Errorf("initialize again: %d", code)
	}
	if code := c.refused("textDocument/nosuch", nil); code != jrpc2.MethodNotFound {
		t.Errorf("an unknown method: %d", code)
	}
	c.note("$/unknown", nil)
	var null any
	c.call("shutdown", nil, &null)
	if code := c.refused("textDocument/hover", document1("/x.go")); code != jrpc2.InvalidRequest {
		t.Errorf("after shutdown: %d", code)
	}
	c.note("exit", nil)
	if got := exit(c); got != Orderly {
		t.Errorf("status %d after shutdown and exit", got)
	}

	c = connect(t, setup{})
	c.note("exit", nil)
	if got := exit(c); got != Deserted {
		t.Errorf("status %d after exit alone", got)
	}

	c = connect(t, setup{})
	c.Close()
	if got := exit(c); got != Deserted {
		t.Errorf("status %d after the connection's end", got)
	}

	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Skip(err)
	}
	c = dial(t, nil)
	c.Call(t.Context(), "initialize", map[string]any{"processId": gone.Process.Pid, "capabilities": map[string]any{}}) // it may come too late for an answer
	if got := exit(c); got != Deserted {
		t.Errorf("status %d after the editor's end", got)
	}
}

// A request can be cancelled, and a run is superseded by the next edit.
func TestCancel(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	test := filepath.Join(dir, "store/store_test.go")
	started, ended := make(chan bool, 10), make(chan error, 10)
	c := connect(t, setup{analyse: func(ctx context.Context, r Run) (*driver.Result, error) {
		if strings.Contains(string(r.Texts[test]), "slow") {
			started <- true
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		}
		return analyseAll(ctx, r)
	}})
	c.open(test, "package store // slow\n")
	<-started
	answered := make(chan error, 1)
	go func() {
		_, err := c.Call(t.Context(), "textDocument/diagnostic", document1(test))
		answered <- err
	}()
	for cancelled := false; !cancelled; { // until the request is there
		c.note("$/cancelRequest", map[string]any{"id": 2}) // initialize was 1
		select {
		case err := <-answered:
			cancelled = true
			if jrpc2.ErrorCode(err) != codeCancelled && !errors.Is(err, context.Canceled) { // before or after it is looked at
				t.Errorf("a cancelled request: %v", err)
			}
		case <-time.After(10 * time.Millisecond):
		}
	}
	c.replace(test, 2, "package store\n")
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the run ends with %v", err)
	}
	c.untilRules(filepath.Join(dir, "store/store.go"), "tenantfilter")
}

// A panic is told, and ends nothing.
func TestPanic(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	code := filepath.Join(dir, "store/store.go")
	c := connect(t, setup{analyse: func(ctx context.Context, r Run) (*driver.Result, error) {
		if strings.Contains(string(r.Texts[code]), "boom") {
			panic("boom")
		}
		return analyseAll(ctx, r)
	}})
	c.open(code, "package store // boom\n")
	c.until("a message", func() bool { return strings.Contains(strings.Join(c.messages, "\n"), "boom") })
	c.replace(code, 2, "package store\n")
	c.untilRules(filepath.Join(dir, "store/store_test.go"), testRules)
}

// Whatever is wrong with a module is told where it is.
func TestBroken(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles)
	mod, code := filepath.Join(dir, "go.mod"), filepath.Join(dir, "store/store.go")
	c := connect(t, setup{})
	c.open(code, "package store\n\nfunc half(")
	c.untilRules(filepath.Join(dir, "store/store_test.go"), testRules)
	c.replace(code, 2, "\x00\xff\xfe garbage")
	c.replace(code, 3, "")
	c.replace(code, 4, "package store\n")
	write(t, mod, "module example.com/m\n\ngo nonsense\n")
	c.save(mod)
	c.until("the error", func() bool { return len(c.shown[mod]) == 1 && strings.Contains(c.shown[mod][0].Message, "nonsense") })
	write(t, mod, "module example.com/m\n\ngo 1.26\n")
	c.save(mod)
	c.untilRules(mod, "")
	c.untilRules(filepath.Join(dir, "store/store_test.go"), testRules)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	c.save(code)
	var report diagnosticReport
	c.call("textDocument/diagnostic", document1(code), &report) // it answers
}

// What is found in a file that is edited is told before the packages that import its package are
// analysed, to clients that are told and to those that ask. What the run finds at its end counts.
func TestEarly(t *testing.T) {
	t.Parallel()
	for _, delivery := range []delivery{push, pull} {
		t.Run(string(delivery), func(t *testing.T) {
			t.Parallel()
			dir := tree(t, moduleFiles)
			file := filepath.Join(dir, "store/store.go")
			told, end := make(chan bool), make(chan bool)
			c := connect(t, setup{
				params: map[string]any{"initializationOptions": map[string]any{"diagnostics": delivery}},
				analyse: func(ctx context.Context, r Run) (*driver.Result, error) {
					early := r.Early
					r.Early = nil
					result, err := analyseAll(ctx, r)
					if err == nil && strings.Contains(string(r.Texts[file]), "edited") {
						early(driver.Early{Findings: slices.Clone(result.Findings), Files: []string{file}})
						told <- true
						<-end
						result.Findings = nil
					}
					return result, err
				},
			})
			look := func() string {
				if delivery == push {
					c.mu.Lock()
					defer c.mu.Unlock()
					return c.rules(file)
				}
				var report diagnosticReport
				c.call("textDocument/diagnostic", document1(file), &report)
				var rules []string
				for _, d := range *report.Items {
					rules = append(rules, d.Code)
				}
				return strings.Join(rules, " ")
			}
			text := c.openFile(file)
			c.ended(file)
			c.replace(file, 2, strings.Replace(text, "amount + 1", "amount + 1 WHERE tenant_id = ''", 1)+"// edited\n")
			<-told
			if delivery == push {
				c.until("the version", func() bool { return c.versions[file] == 2 })
			}
			if got := look(); got != "" {
				t.Errorf("early: %q", got)
			}
			c.replace(file, 3, text+"// edited\n")
			end <- true // of a run that is superseded
			<-told
			if delivery == push {
				c.untilRules(file, "tenantfilter")
			}
			if got := look(); got != "tenantfilter" {
				t.Errorf("early: %q", got)
			}
			end <- true
			c.ended(file)
			if delivery == push {
				c.untilRules(file, "")
			}
			if got := look(); got != "" {
				t.Errorf("in the end: %q", got)
			}
		})
	}
}

// A diagnostic names the places that it rests on too, for clients that show them.
func TestRelated(t *testing.T) {
	t.Parallel()
	dir := tree(t, moduleFiles+`
-- store/open_test.go --
package store

import (
	"database/sql"
	"testing"
)

func open(t *testing.T) *sql.DB {
	db, err := sql.Open("pgx", "postgres://localhost/shop_test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOne(t *testing.T) { open(t).Ping() }

/* 𝄞 */ func TestTwo(t *testing.T) { open(t).Ping() }
`)
	file := filepath.Join(dir, "store/open_test.go")
	for _, shows := range []bool{true, false} {
		c := connect(t, setup{caps: map[string]any{"textDocument": map[string]any{"publishDiagnostics": map[string]any{"relatedInformation": shows}}}})
		c.openFile(file)
		c.until("newpool", func() bool { return strings.Contains(c.rules(file), "newpool") })
		c.mu.Lock()
		i := slices.IndexFunc(c.shown[file], func(d diagnostic) bool { return d.Code == "newpool" })
		got := c.shown[file][i].Related
		c.mu.Unlock()
		var want []related
		if shows {
			want = []related{
				{location{uriOf(file), textRange{position{16, 5}, position{16, 12}}}, "also in TestOne"},
				{location{uriOf(file), textRange{position{18, 14}, position{18, 21}}}, "also in TestTwo"},
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("shows %v: %s, not %s", shows, encoded(got), encoded(want))
		}
	}
}
