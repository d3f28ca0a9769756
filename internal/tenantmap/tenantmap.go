// Package tenantmap is what poollint tenants prints: what the packages of a module do with
// the tables of tenants, and what tenantfilter makes of it.
package tenantmap

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/printable"
	"github.com/poollint/poollint/internal/showschema"
)

// Read is the verb of a query that changes nothing.
const Read = "read"

// A Package is what tenantfilter tells of one package.
type Package struct {
	Path       string  `json:"package"`
	Queries    int     `json:"queries"`
	Uses       []Use   `json:"uses"`
	Unread     []Count `json:"not_read,omitempty"`
	Exemptions []Count `json:"exemptions,omitempty"`
	Scopers    []Count `json:"scopers,omitempty"`
	Unknown    []Count `json:"unknown_tables,omitempty"` // that no schema has
}

// Message names the package.
func (p Package) Message() string { return p.Path }

// A Use is what the queries of a package do with a table.
type Use struct {
	Table    string  `json:"table"`
	Verb     string  `json:"verb"`
	Queries  int     `json:"queries"`
	Pinned   int     `json:"pinned"`
	NotRead  int     `json:"not_read"`
	Exempt   int     `json:"exempt"`
	Findings []Count `json:"findings,omitempty"` // by tier
}

// Compare orders by table and verb.
func (u Use) Compare(v Use) int {
	return cmp.Or(strings.Compare(u.Table, v.Table), strings.Compare(u.Verb, v.Verb))
}

// A Count says how many there are of what is named.
type Count struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Add adds to the count of what is named.
func Add(counts []Count, name string, n int) []Count {
	i := slices.IndexFunc(counts, func(c Count) bool { return c.Name == name })
	if i < 0 {
		return append(counts, Count{name, n})
	}
	counts[i].Count += n
	return counts
}

// merge adds up counts, the largest first.
func merge(counts []Count, more ...Count) []Count {
	for _, c := range more {
		counts = Add(counts, c.Name, c.Count)
	}
	slices.SortStableFunc(counts, func(a, b Count) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name))
	})
	return counts
}

// A Map is the map of a module.
type Map struct {
	Version    int        `json:"version"`
	Queries    int        `json:"queries"`
	NotRead    int        `json:"not_read"`
	Databases  []Database `json:"databases"`
	Packages   []Package  `json:"packages"` // those with queries
	Scopers    []Count    `json:"scopers"`
	Exemptions []Count    `json:"exemptions"` // by reason
	Libraries  []Count    `json:"libraries_not_read"`
	Others     []Count    `json:"others_not_read"` // by reason
	Unknown    []Count    `json:"unknown_tables"`
}

// A Database is one of the module's.
type Database struct {
	Name    string  `json:"name"`
	Verdict string  `json:"verdict"`
	Tables  []Table `json:"tables"`
}

// A Table is a table with what all packages do with it.
type Table struct {
	Name    string  `json:"name"`
	Role    string  `json:"role"`
	Detail  string  `json:"detail,omitempty"` // its tenant column, its owner, row security
	Defined string  `json:"defined"`
	Reads   int     `json:"reads"`
	Writes  int     `json:"writes"`
	Pinned  int     `json:"pinned"`
	NotRead int     `json:"not_read"`
	Exempt  int     `json:"exempt"`
	Found   []Count `json:"findings"` // by tier
}

// unmodelled is the reason for a query of a library that nothing reads.
var unmodelled = regexp.MustCompile(` of (\S+) is not modelled$`)

// New makes a map of the module's tables and of what its packages tell.
func New(databases []showschema.Database, found []finding.Located) *Map {
	m := &Map{Version: 1, Databases: []Database{}, Packages: []Package{}, Scopers: []Count{}, Exemptions: []Count{}, Libraries: []Count{}, Others: []Count{}, Unknown: []Count{}}
	uses := map[string][]Use{}
	for _, f := range found {
		p, ok := f.Data.(Package)
		if !ok {
			continue
		}
		m.Packages = append(m.Packages, p)
		m.Queries += p.Queries
		for _, u := range p.Uses {
			uses[strings.ToLower(u.Table)] = append(uses[strings.ToLower(u.Table)], u)
		}
		m.Scopers, m.Exemptions = merge(m.Scopers, p.Scopers...), merge(m.Exemptions, p.Exemptions...)
		m.Unknown = merge(m.Unknown, p.Unknown...)
		for _, u := range p.Unread {
			m.NotRead += u.Count
			if library := unmodelled.FindStringSubmatch(u.Name); library != nil {
				m.Libraries = merge(m.Libraries, Count{library[1], u.Count})
			} else {
				m.Others = merge(m.Others, u)
			}
		}
	}
	slices.SortFunc(m.Packages, func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	for _, d := range databases {
		database := Database{d.Name, d.Verdict, []Table{}}
		for _, t := range d.Tables {
			database.Tables = append(database.Tables, tableOf(t, uses[bare(t.Name)]))
		}
		m.Databases = append(m.Databases, database)
	}
	return m
}

// bare is the name of a table without that of its schema, lower case.
func bare(name string) string { return strings.ToLower(name[strings.LastIndexByte(name, '.')+1:]) }

func tableOf(t showschema.Table, uses []Use) Table {
	table := Table{Name: t.Name, Role: t.Role, Detail: t.Detail, Defined: t.Place, Found: []Count{}}
	for _, u := range uses {
		if u.Verb == Read {
			table.Reads += u.Queries
		} else {
			table.Writes += u.Queries
		}
		table.Pinned += u.Pinned
		table.NotRead += u.NotRead
		table.Exempt += u.Exempt
		for _, c := range u.Findings {
			table.Found = Add(table.Found, c.Name, c.Count)
		}
	}
	slices.SortStableFunc(table.Found, func(a, b Count) int { return gravity(b.Name) - gravity(a.Name) })
	return table
}

// tiers are tenantfilter's, from the gravest.
var tiers = []string{"unrestricted", "by-parent", "by-id", "unseen", "by-design", "uncalled"}

func gravity(tier string) int { return -slices.Index(tiers, tier) }

// Short returns the package's path as far as it differs from those of the others.
func (m *Map) Short(p Package) string {
	var paths []string
	for _, other := range m.Packages {
		paths = append(paths, other.Path)
	}
	return strings.TrimPrefix(p.Path, printable.Parent(paths))
}
