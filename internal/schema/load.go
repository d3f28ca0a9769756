package schema

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/sqlast"
)

// A Set is the databases of a module.
type Set struct {
	Databases []*Database // by directory

	outs   map[string]*Database // by directory of a package that sqlc generates
	merged sync.Map             // *Database by directory of a package
}

// Load reads the databases of a module from its DDL.
func Load(files *config.Files, c config.Tenant) (*Set, error) {
	f := &finder{files: files, byDir: map[string][]string{}, code: map[string][]string{}, paths: map[string][]string{}}
	set := &Set{outs: map[string]*Database{}}
	if len(c.Schema) > 0 {
		sources, err := f.named(c.Schema)
		if err != nil {
			return nil, err
		}
		set.read(f, sources, c)
	} else {
		sources, err := f.found()
		if err != nil {
			return nil, err
		}
		if set.read(f, sources, c); !set.hasTables() {
			set.read(f, inDirs(f.code, f.creates), c)
		}
	}
	set.agree(c)
	return set, nil
}

// read adds the databases of sources.
func (s *Set) read(f *finder, sources []source, c config.Tenant) {
	read := make([]*Database, len(sources))
	for _, i := range smallestFirst(sources) { // a source that exhausts a bound must not cost the others
		read[i] = f.read(sources[i])
	}
	for i, d := range read {
		if len(d.Tables) == 0 && len(d.Skipped) == 0 {
			continue
		}
		d.settle(c)
		s.Databases = append(s.Databases, d)
		for _, out := range sources[i].outs {
			s.outs[out] = d
		}
		d.noteCuts(f.files)
	}
}

func (s *Set) hasTables() bool {
	return slices.ContainsFunc(s.Databases, func(d *Database) bool { return len(d.Tables) > 0 })
}

func smallestFirst(sources []source) []int {
	order := make([]int, len(sources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(sources[a].files), len(sources[b].files)) })
	return order
}

// noteCuts records notes on what was cut off, by bounds or by the text itself.
func (d *Database) noteCuts(files *config.Files) {
	for _, s := range d.cut {
		files.NoteAt(s.Path, s.Line, s.Why)
	}
}

// mayDefine is a quick test for text with DDL.
func mayDefine(text string) bool {
	lower := strings.ToLower(text)
	for _, word := range []string{"create", "alter table", "drop table", "rename table"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

func (f *finder) read(s source) *Database {
	d := newDDL(s.dir)
	for _, name := range s.files {
		if f.count++; f.count > maxFiles || f.bytes > maxBytes {
			d.cut = append(d.cut, Skipped{Path: name, Line: 1, Why: "too much DDL: this file and those after it are left out"})
			break
		}
		data, err := f.files.ReadFile(name)
		if err != nil { // too large, or a link out of the module
			d.Skipped = append(d.Skipped, Skipped{Path: name, Line: 1, Why: err.Error()})
			continue
		}
		f.bytes += len(data)
		text := string(data)
		if before, _, found := strings.Cut(text, "\x00"); found {
			d.cut = append(d.cut, Skipped{Path: name, Line: 1 + strings.Count(before, "\n"), Why: "a NUL byte, as UTF-16 has them: save the file as UTF-8"})
		}
		if strings.Contains(text, "{{") && !strings.HasSuffix(name, ".go") {
			text = expandTemplate(text)
		}
		if !mayDefine(text) {
			continue
		}
		if strings.HasSuffix(name, ".go") {
			d.readGo(name, text)
			continue
		}
		if hasMarker(text) {
			text = upPart(text)
		}
		if !s.known {
			s.dialect, s.known = guessDialect(name, text), true
		}
		d.read(name, text, 0, s.dialect)
	}
	d.Dialect = s.dialect
	return d.finish()
}

// guessDialect tells the dialect by the directory's name and by words, outside of comments and
// strings, that no other dialect has.
func guessDialect(name, text string) sqlast.Dialect {
	dir, upper := path.Dir(name), strings.ToUpper(sqlast.Bare(text))
	switch {
	case isNamedFor(dir, sqlast.MySQL), strings.Contains(upper, "`"),
		strings.Contains(upper, "ENGINE=INNODB"), strings.Contains(upper, "AUTO_INCREMENT"):
		return sqlast.MySQL
	case isNamedFor(dir, sqlast.SQLite), strings.Contains(upper, "AUTOINCREMENT"), strings.Contains(upper, "WITHOUT ROWID"):
		return sqlast.SQLite
	}
	return sqlast.Postgres
}

// servers are names of database servers in those of directories, by the dialect that they speak.
var servers = map[sqlast.Dialect][]string{
	sqlast.MySQL: {"mysql", "mariadb"}, sqlast.SQLite: {"sqlite"}, sqlast.Postgres: {"postgres", "pgsql"},
}

// isNamedFor reports whether a directory is named for a server that speaks the dialect.
func isNamedFor(dir string, dialect sqlast.Dialect) bool {
	dir = strings.ToLower(dir)
	return slices.ContainsFunc(servers[dialect], func(name string) bool { return strings.Contains(dir, name) })
}

// agree gives the databases that are too small to show their tenant column that of the
// others.
func (s *Set) agree(c config.Tenant) {
	sure, inner := map[string]int{}, map[string]string{}
	for _, d := range s.Databases {
		if d.Tenant.Confidence == High {
			sure[d.Tenant.Column] += len(d.Tables)
			inner[d.Tenant.Column] = cmp.Or(inner[d.Tenant.Column], d.Tenant.Inner)
		}
	}
	best := ""
	for column, n := range sure {
		if n > sure[best] || n == sure[best] && column < best {
			best = column
		}
	}
	if best == "" {
		return
	}
	for _, d := range s.Databases {
		if d.Tenant.Confidence == Low && d.count(Normal(best)).tables > 0 {
			d.assignRoles(Choice{Column: best, Inner: inner[best], Confidence: High, Why: "the module's other databases have it"}, c)
		}
	}
}

// For returns the database that queries of the package in the directory, relative
// to the module root, run on: the one that sqlc generates the package for, else
// the nearest, of equally near ones that of the server it is named for. Tables that it does not know are looked for in the others.
func (s *Set) For(dir string) *Database {
	if d, ok := s.merged.Load(dir); ok {
		return d.(*Database)
	}
	own := s.outs[dir]
	near := make(map[*Database]int, len(s.Databases))
	for _, d := range s.Databases {
		near[d] = nearness(dir, d.Dir)
	}
	order := slices.Clone(s.Databases)
	slices.SortStableFunc(order, func(a, b *Database) int {
		return cmp.Or(
			compareTrue(a == own, b == own),
			cmp.Compare(near[b], near[a]),
			compareTrue(isNamedFor(dir, a.Dialect), isNamedFor(dir, b.Dialect)),
			cmp.Compare(len(b.Tables), len(a.Tables)),
		)
	})
	d, _ := s.merged.LoadOrStore(dir, merge(order))
	return d.(*Database)
}

func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// nearness counts the leading directories that two paths have in common.
func nearness(a, b string) int {
	n := 0
	for {
		x, restA, moreA := strings.Cut(a, "/")
		y, restB, moreB := strings.Cut(b, "/")
		if x != y {
			return n
		}
		n++
		if !moreA || !moreB {
			return n
		}
		a, b = restA, restB
	}
}

// merge makes one database of several. Of tables with the same name the first counts.
func merge(databases []*Database) *Database {
	if len(databases) == 1 {
		return databases[0]
	}
	all := &Database{}
	for i, d := range databases {
		if i == 0 {
			all.Dir, all.Dialect, all.Tenant = d.Dir, d.Dialect, d.Tenant
		}
		if all.Tenant.Confidence == Low && d.Tenant.Confidence > Low {
			all.Tenant = d.Tenant
		}
		if d.parts != nil {
			all.parts = append(all.parts, d.parts...)
		} else {
			all.parts = append(all.parts, d)
		}
	}
	return all
}

// All returns the tables of the database in the order of their creation. Of a merged
// database these are the tables that Lookup finds.
func (d *Database) All() []*Table {
	if d.parts == nil {
		return d.Tables
	}
	var tables []*Table
	known := map[string]int{} // index of the first part that has a table of the name
	for i, part := range d.parts {
		for _, t := range part.Tables {
			name := strings.ToLower(t.Name)
			if first, ok := known[name]; ok && first != i {
				continue
			}
			known[name] = i
			tables = append(tables, t)
		}
	}
	return tables
}

// HasTenants reports whether any table has a tenant column.
func (d *Database) HasTenants() bool {
	return slices.ContainsFunc(d.parts, (*Database).HasTenants) ||
		slices.ContainsFunc(d.Tables, func(t *Table) bool { return len(t.TenantColumns) > 0 })
}
