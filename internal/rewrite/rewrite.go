// Package rewrite makes the edits that suggested fixes consist of.
package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// A File is a file of a package that a fix changes.
type File struct {
	Syntax *ast.File

	pass *analysis.Pass
	text []byte
}

// Files are the files of a package, each read once.
type Files struct {
	pass *analysis.Pass
	read map[*ast.File]*File // nil for one that cannot be read
}

// In returns the files of the package.
func In(pass *analysis.Pass) *Files { return &Files{pass, map[*ast.File]*File{}} }

// At returns the file around a position; nil if it cannot be read.
func (fs *Files) At(pos token.Pos) *File {
	for _, syntax := range fs.pass.Files {
		if syntax.FileStart > pos || pos >= syntax.FileEnd {
			continue
		}
		file, known := fs.read[syntax]
		if !known {
			text, err := fs.pass.ReadFile(fs.pass.Fset.PositionFor(pos, false).Filename)
			if err == nil && len(text) >= int(syntax.FileEnd-syntax.FileStart) {
				file = &File{syntax, fs.pass, text}
			}
			fs.read[syntax] = file
		}
		return file
	}
	return nil
}

// Fix returns a fix of the edits.
func Fix(message string, edits ...analysis.TextEdit) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{Message: message, TextEdits: edits}}
}

// Insert puts text at a position.
func Insert(pos token.Pos, text string) analysis.TextEdit { return Replace(pos, pos, text) }

// Replace puts text in the place of [pos, end).
func Replace(pos, end token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: end, NewText: []byte(text)}
}

func (f *File) offset(pos token.Pos) int { return int(pos - f.Syntax.FileStart) }

// Text returns the source of a node.
func (f *File) Text(n ast.Node) string { return string(f.text[f.offset(n.Pos()):f.offset(n.End())]) }

// Line returns the line of a position.
func (f *File) Line(pos token.Pos) int { return f.pass.Fset.PositionFor(pos, false).Line }

// LineAfter returns what follows a position on its line.
func (f *File) LineAfter(pos token.Pos) string {
	line, _, _ := bytes.Cut(f.text[f.offset(pos):], []byte("\n"))
	return string(line)
}

// Indent returns the white space that the line of a position begins with.
func (f *File) Indent(pos token.Pos) string {
	offset := f.offset(pos)
	line := f.text[bytes.LastIndexByte(f.text[:offset], '\n')+1:]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// Below puts lines below a statement, or the comment on its last line, indented like it.
func (f *File) Below(stmt ast.Node, lines string) analysis.TextEdit {
	indent := "\n" + f.Indent(stmt.Pos())
	return Insert(f.end(stmt), indent+strings.ReplaceAll(lines, "\n", indent))
}

func (f *File) end(stmt ast.Node) token.Pos {
	for _, group := range f.Syntax.Comments {
		if group.Pos() > stmt.End() && f.Line(group.Pos()) == f.Line(stmt.End()) {
			return group.List[0].End()
		}
	}
	return stmt.End()
}

// Claim changes nothing: it keeps other fixes from putting anything below a statement.
func (f *File) Claim(stmt ast.Node) analysis.TextEdit {
	end := stmt.End()
	return Replace(end, end+1, string(f.text[f.offset(end)]))
}

// Remove removes the lines of a node.
func (f *File) Remove(n ast.Node) analysis.TextEdit {
	start, end := f.offset(n.Pos()), f.offset(f.end(n))
	start = bytes.LastIndexByte(f.text[:start], '\n') + 1
	if next := bytes.IndexByte(f.text[end:], '\n'); next >= 0 {
		end += next + 1
	}
	return Replace(f.Syntax.FileStart+token.Pos(start), f.Syntax.FileStart+token.Pos(end), "")
}

// about matches a comment that is of a release alone, whatever stands below.
var about = regexp.MustCompile(`(?i)\b(clean|clos(e|ing)|releas|tear|disconnect)`)

// Clear removes the lines of a node, and the comment right above that is of it: one that tells
// of a release, or below which nothing else stands before the next blank line.
func (f *File) Clear(n ast.Node) analysis.TextEdit {
	edit := f.Remove(n)
	next, _, _ := bytes.Cut(f.text[f.offset(edit.End):], []byte("\n"))
	next = bytes.TrimSpace(next)
	last := len(next) == 0 || next[0] == '}'
	for _, group := range f.Syntax.Comments {
		if f.Line(group.End())+1 == f.Line(n.Pos()) && f.Alone(group) && (last || about.MatchString(group.Text())) {
			edit.Pos = f.Remove(group).Pos
		}
	}
	return edit
}

// Alone reports whether nothing else stands on the lines of a node.
func (f *File) Alone(n ast.Node) bool {
	start, end := f.offset(n.Pos()), f.offset(f.end(n))
	before := f.text[bytes.LastIndexByte(f.text[:start], '\n')+1 : start]
	after, _, _ := bytes.Cut(f.text[end:], []byte("\n"))
	return len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(after)) == 0
}

// Import returns what qualifies the names of a package at a position, with the edits that
// import it; not ok if another thing has its name there.
func (f *File) Import(at token.Pos, path, name string) (qualifier string, edits []analysis.TextEdit, ok bool) {
	if path == f.pass.Pkg.Path() {
		return "", nil, true
	}
	for _, spec := range f.Syntax.Imports {
		if spec.Path.Value != strconv.Quote(path) {
			continue
		}
		obj := f.pass.TypesInfo.PkgNameOf(spec)
		switch {
		case obj == nil, obj.Name() == "_":
		case obj.Name() == ".":
			return "", nil, true
		default:
			return obj.Name() + ".", nil, f.Means(at, obj.Name()) == obj
		}
	}
	if f.Means(at, name) != nil || f.pass.Pkg.Scope().Lookup(name) != nil {
		return "", nil, false
	}
	return name + ".", []analysis.TextEdit{f.addImport(path)}, true
}

// addImport imports a package: in the group of those that are alike.
func (f *File) addImport(path string) analysis.TextEdit {
	standard := func(path string) bool {
		root, _, _ := strings.Cut(path, "/")
		return !strings.Contains(root, ".")
	}
	var block *ast.GenDecl
	var beside *ast.ImportSpec // the one that is most alike
	most := -1
	for _, decl := range f.Syntax.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT || !gen.Lparen.IsValid() {
			continue
		}
		block = gen
		for _, spec := range gen.Specs {
			spec := spec.(*ast.ImportSpec)
			other, _ := strconv.Unquote(spec.Path.Value)
			if common := inCommon(other, path); standard(other) == standard(path) && spec.Doc == nil && common > most {
				beside, most = spec, common
			}
		}
	}
	if beside != nil {
		return Insert(beside.Pos(), strconv.Quote(path)+"\n\t")
	}
	switch {
	case block != nil && standard(path):
		return Insert(block.Lparen+1, fmt.Sprintf("\n\t%q\n", path))
	case block != nil:
		return Insert(block.Rparen, fmt.Sprintf("\n\t%q\n", path))
	}
	return Insert(f.Syntax.Name.End(), fmt.Sprintf("\n\nimport %q", path))
}

// inCommon counts the elements that two import paths begin with alike.
func inCommon(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < min(len(as), len(bs)) && as[n] == bs[n] {
		n++
	}
	return n
}

// Means returns what a name means at a position; nil if it is free there.
func (f *File) Means(at token.Pos, name string) types.Object {
	scope := f.pass.Pkg.Scope().Innermost(at)
	if scope == nil {
		return f.pass.Pkg.Scope().Lookup(name)
	}
	_, obj := scope.LookupParent(name, token.NoPos)
	return obj
}

// Free returns the first of the names that nothing has at a position, or below it in the
// function around; "" if none is free.
func (f *File) Free(at inspector.Cursor, names ...string) string {
	taken := map[string]bool{}
	for around := range at.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		for id := range around.Preorder((*ast.Ident)(nil)) {
			taken[id.Node().(*ast.Ident).Name] = true
		}
	}
	for _, name := range names {
		if !taken[name] && f.Means(at.Node().Pos(), name) == nil {
			return name
		}
	}
	return ""
}

// Check returns the statement behind another that only deals with its error; nil if there
// is none.
func Check(stmt inspector.Cursor, info *types.Info, err types.Object) ast.Stmt {
	next, ok := stmt.NextSibling()
	if !ok || err == nil {
		return nil
	}
	var asks ast.Expr
	switch n := next.Node().(type) {
	case *ast.IfStmt:
		if n.Init != nil {
			return nil
		}
		asks = n.Cond
	case *ast.ExprStmt:
		asks = n.X // require.NoError(t, err)
	default:
		return nil
	}
	for id := range next.Preorder((*ast.Ident)(nil)) {
		if x := id.Node().(*ast.Ident); asks.Pos() <= x.Pos() && x.End() <= asks.End() && info.Uses[x] == err {
			return next.Node().(ast.Stmt)
		}
	}
	return nil
}
