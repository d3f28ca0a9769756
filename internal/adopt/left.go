package adopt

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
)

// broken returns the parts of changed files by which something fails that did not before.
func (p *planner) broken(result *driver.Result, changed map[string][]byte) map[part]string {
	known := map[string]bool{}
	for _, f := range p.result.Failures {
		known[f.Message] = true
	}
	all := map[part]string{}
	for _, f := range result.Failures {
		if known[f.Message] {
			continue
		}
		why := "it would not compile: " + f.Message
		file, line := f.Place()
		if in := (part{file, functionAt(changed[file], line)}); in.function != "" && p.refused[in] == "" {
			all[in] = why
			continue
		}
		hit := false
		for path := range changed {
			if filepath.Dir(path) == filepath.Dir(file) {
				all[part{path: path}], hit = why, true
			}
		}
		for path := range changed {
			if !hit { // in a package that imports a changed one
				all[part{path: path}] = why
			}
		}
	}
	return all
}

// functionAt returns the function of a file that has a line; "" if none has.
func functionAt(text []byte, line int) string {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if file == nil {
		return ""
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || line < fset.PositionFor(fn.Pos(), false).Line || fset.PositionFor(fn.End(), false).Line < line {
			continue
		}
		name := fn.Name.Name
		if fn.Recv != nil && len(fn.Recv.List) > 0 {
			name = types.ExprString(fn.Recv.List[0].Type) + "." + name
		}
		return name
	}
	return ""
}

// untouchable reports whether the fix of a finding changes files that are to stay: those of
// production, those refused, and those of packages that do not compile.
func (p *planner) untouchable(f finding.Located) bool {
	if len(f.Fixes) == 0 || p.refusal(f) != "" {
		return true
	}
	return slices.ContainsFunc(f.Fixes[0].Edits, func(e finding.Edit) bool {
		return !p.tests(e.Path)
	})
}

// refusal returns why something is to stay in which a finding stands, or that its fix changes.
func (p *planner) refusal(f finding.Located) string {
	if why := p.stays(f.Pos.Filename, f.Pos.Offset); why != "" {
		return why
	}
	if o, ok := f.Data.(opening); ok && o.Helper != "" {
		if why := p.stays(o.Helper, 0); why != "" {
			return why
		}
	}
	for _, fix := range f.Fixes {
		for _, e := range fix.Edits {
			if why := p.stays(e.Path, e.Start); why != "" {
				return why
			}
		}
	}
	return ""
}

// stays returns why the text of a file is to stay at an offset; "" if it may change.
func (p *planner) stays(path string, offset int) string {
	if why := p.failing[filepath.Dir(path)]; why != "" {
		return fmt.Sprintf("the package of %s does not compile here: %s", filepath.Base(path), why)
	}
	if why := p.refused[part{path: path}]; why != "" {
		return why
	}
	if len(p.refused) == 0 {
		return ""
	}
	if text := p.text(path); offset <= len(text) {
		return p.refused[part{path, functionAt(text, 1+bytes.Count(text[:offset], []byte("\n")))}]
	}
	return ""
}

// left returns what is not changed, with reasons.
func (p *planner) left(after []finding.Located) []Left {
	why := map[string]string{}
	all := slices.Clone(p.half)
	for _, f := range p.result.Findings {
		o, ok := f.Data.(opening)
		if !ok {
			continue
		}
		o.Why = cmp.Or(o.Why, p.refusal(f))
		switch {
		case o.Why != "":
		case !p.tests(f.Pos.Filename):
			o.Why = "its file imports no testing: production code may use it"
		case o.Helper == "" && !o.Bound:
			o.Why = "the module has a package internal/" + packageName + " of its own"
		case p.Mode == Testpool && len(f.Fixes) < 2:
			o.Why = "no running test is at hand that could take the pool of testpool"
		default:
			o.Why = "its change does not fit together with others"
		}
		why[place(f)] = o.Why
		all = append(all, Left{f.Pos.Filename, f.Pos.Line, o.Message()})
	}
	for _, f := range after {
		reason := cmp.Or(why[place(f)], reasons[f.Rule], p.refusal(f), "no rewrite is known to be safe here")
		if f.Rule == "newpool" && why[place(f)] != "" {
			continue
		}
		all = append(all, Left{f.Pos.Filename, f.Pos.Line, f.Message + " (" + f.Rule + "): " + reason})
	}
	slices.SortStableFunc(all, func(a, b Left) int { return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line) })
	return all
}

// reasons say why findings of a rule stay.
var reasons = map[string]string{
	"tenantfilter": "what a query is to do is its author's to say",
	"directive":    "a comment is its author's",
}

func place(f finding.Located) string {
	return fmt.Sprint(f.Pos.Filename, ":", f.Pos.Line, ":", f.Pos.Column)
}
