package lifecycle

import (
	"go/ast"
	"path"
	"regexp"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// setting matches a value in one, whatever the format: driver: sqlite, "dsn": "…", DSN=…
var setting = regexp.MustCompile(`(?m)^[\s{,]*(?:export )?["']?[\w.-]+["']?[ \t]*[:=][ \t]*["']?([^"'\n#]+)`)

// maxSettings bounds the files that are read.
const maxSettings = 1 << 16

// ofFiles notes what the files say that a call is given, as one that loads a configuration.
func (t *tracer) ofFiles(e *ast.CallExpr) {
	for _, arg := range e.Args {
		if origin := t.g.originOfFile(flow.Text(t.g.info, arg)); origin != 0 {
			t.say(origin)
		}
	}
}

// originOfFile returns what a file of the module says about the database, whose path code names as seen
// from its package: SQLite, if that and no server is named there.
func (g *graph) originOfFile(text string) dbapi.Origin {
	files := config.Of(g.pass).Files
	if files == nil || !config.SettingsFile.MatchString(text) {
		return 0
	}
	dir, ok := files.Rel(config.Dir(g.pass))
	if !ok {
		return 0
	}
	data, err := files.ReadFile(path.Join(dir, text))
	if err != nil || len(data) > maxSettings {
		return 0
	}
	var origin dbapi.Origin
	for _, m := range setting.FindAllSubmatch(data, -1) {
		said := dbapi.OriginOfText(string(m[1]))
		if said&dbapi.Server != 0 {
			return 0
		}
		if embedded.Match(m[1]) {
			origin |= said
		}
	}
	return origin
}

// embedded matches what names SQLite, and nothing that is no database, as memory may be a cache's.
var embedded = regexp.MustCompile(`(?i)^sqlite|:memory:|mode=memory`)
