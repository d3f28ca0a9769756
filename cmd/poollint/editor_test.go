package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// requireEditor makes tests fail that find no editor, instead of being skipped.
const requireEditor = "POOLLINT_REQUIRE_EDITOR"

// editing is what the editor does: it waits for diagnostics, reads a rule's page, applies all
// fixes, and saves.
const editing = `
local function check(holds, what)
  if not holds then
    io.stderr:write(what .. ": " .. vim.inspect(vim.diagnostic.get(0)) .. "\n")
    vim.cmd("cquit 1")
  end
end
local function untilFound(n, what)
  check(vim.wait(30000, function() return #vim.diagnostic.get(0) == n end, 20), what)
end
local id = vim.lsp.start_client({name = "poollint", cmd = {"poollint", "lsp"}, root_dir = vim.fn.getcwd()})
vim.cmd("edit store/store_test.go")
vim.lsp.buf_attach_client(0, id)
untilFound(2, "the file is opened")
check(vim.diagnostic.get(0)[1].lnum == 8, "the line")

local params = vim.lsp.util.make_given_range_params({9, 12}, {9, 12}, 0)
params.position = params.range.start
local said = vim.lsp.buf_request_sync(0, "textDocument/hover", params, 30000)
check(said and said[id].result and said[id].result.contents.value:match("# missingcleanup"), "the page")

params.context = {diagnostics = {}, only = {"source.fixAll"}}
local actions = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 30000)
check(actions and actions[id].result and #actions[id].result == 1, "the action")
vim.lsp.util.apply_workspace_edit(actions[id].result[1].edit, vim.lsp.get_client_by_id(id).offset_encoding)
untilFound(0, "the fixes are applied")
vim.cmd("write")
vim.lsp.stop_client(id)
check(vim.wait(30000, function() return vim.lsp.client_is_stopped(id) end, 20), "the server's end")
vim.cmd("qall!")
`

const edited = `
-- go.mod --
module example.com/m

go 1.26
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

// Neovim shows what the server finds, and applies its fixes.
func TestNeovim(t *testing.T) {
	t.Parallel()
	nvim, err := exec.LookPath("nvim")
	if err != nil && os.Getenv(requireEditor) != "" {
		t.Fatal("no editor: nvim is not in PATH (Debian: apt-get install neovim)")
	}
	if err != nil {
		t.Skip("no editor: nvim is not in PATH (Debian: apt-get install neovim)")
	}
	dir := t.TempDir()
	layOut(t, dir, edited+"-- edit.lua --\n"+editing)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile edit.lua")
	cmd.Dir = dir
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "POOLLINT_CACHE=off", "GOWORK=off", "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home, "GOCACHE="+goEnv(t, "GOCACHE"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	after, err := os.ReadFile(filepath.Join(dir, "store/store_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "\tt.Cleanup(func() { _ = db.Close() })\n\tdb.SetMaxOpenConns(3)\n\tdb.Ping()\n"; !strings.Contains(string(after), want) {
		t.Errorf("the file is\n%s", after)
	}
}

// layOut writes the files of an archive.
func layOut(t *testing.T, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// The pattern that docs/editors.md gives to VS Code takes each finding apart.
func TestProblemMatcher(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"regexp": ("(?:[^"\\]|\\.)*")`).FindSubmatch(page)
	if quoted == nil {
		t.Fatal("no pattern on the page")
	}
	var pattern string
	if err := json.Unmarshal(quoted[1], &pattern); err != nil {
		t.Fatal(err)
	}
	matcher := regexp.MustCompile(pattern)
	dir := t.TempDir()
	layOut(t, dir, edited)
	cmd := exec.Command("poollint", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "POOLLINT_CACHE=off", "GOWORK=off")
	out, _ := cmd.Output() // the status is that of findings
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, line := range lines {
		if got := matcher.FindStringSubmatch(line); (got != nil) != (i < len(lines)-1) { // the last is the summary
			t.Errorf("%q: %q", line, got)
		} else if got != nil && (got[1] != "store/store_test.go" || got[2] != "9" || got[3] != "13") {
			t.Errorf("%q", got)
		}
	}
	if len(lines) < 3 {
		t.Errorf("%s", out)
	}
}
