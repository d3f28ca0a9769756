package tenantuse

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/tenantname"
)

// maxBody bounds the bytes of a JSON text that is read.
const maxBody = 1 << 16

// body notes the names that an object in JSON gives, as that of a request, unless the request's
// path leads to what belongs to something that the program has made.
func (f *Finder) body(c inspector.Cursor, lit *ast.BasicLit) {
	text := strings.TrimSpace(flow.Text(f.info, lit))
	if lit.Kind != token.STRING || !strings.HasPrefix(text, "{") || len(text) > maxBody {
		return
	}
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil || f.looked(f.reader(c)) || f.below(c) {
		return
	}
	if v := f.taker(c); v != nil && (expects(v.Name()) || f.idle(v)) {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if value, ok := object[key].(string); ok && value != "" && tenantname.Identifies(key, f.more) {
			f.found = append(f.found, Use{lit, value, key, false})
		}
	}
}

// readers make a reader of a text.
var readers = []dbapi.Name{"strings.NewReader", "bytes.NewReader", "bytes.NewBuffer", "bytes.NewBufferString"}

// reader returns the reader that is made of a text in place; the text if none is.
func (f *Finder) reader(text inspector.Cursor) inspector.Cursor {
	for around := range text.Enclosing((*ast.CallExpr)(nil)) {
		call := around.Node().(*ast.CallExpr)
		if f.info.Types[call.Fun].IsType() {
			continue
		}
		if fn := dbapi.Callee(f.info, call); fn != nil && slices.Contains(readers, dbapi.NameOf(fn)) {
			return around
		}
		break
	}
	return text
}

// below reports whether a call around a request's body takes a path with a part, behind its start,
// that the program makes: "/orgs/"+id+"/projects".
func (f *Finder) below(c inspector.Cursor) bool {
	for around := range c.Enclosing((*ast.CallExpr)(nil)) {
		if slices.ContainsFunc(around.Node().(*ast.CallExpr).Args, f.varies) {
			return true
		}
	}
	return false
}

// putBelow matches a part of a path that is put in behind another, or behind the host: "/orgs/%s", "%s/orgs/%d".
var putBelow = regexp.MustCompile(`(?:^|\w)/%`)

// varies reports whether a text has a part behind its start that is not fixed.
func (f *Finder) varies(e ast.Expr) bool {
	switch e := ast.Unparen(f.assigned(e)).(type) {
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (flow.Text(f.info, e.Y) == "" || f.varies(e.X))
	case *ast.CallExpr:
		fn := dbapi.Callee(f.info, e)
		return fn != nil && dbapi.NameOf(fn) == "fmt.Sprintf" && len(e.Args) > 1 && putBelow.MatchString(flow.Text(f.info, e.Args[0]))
	}
	return false
}
