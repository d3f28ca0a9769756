package model_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/model"
)

const source = `package p

import "time"

type BaseModel struct{}

type Base struct {
	ID        int64
	CreatedAt time.Time
}

type APIKey struct {
	Base
	TenantID int64
	UserIDs  []int64 ` + "`gorm:\"column:users\"`" + `
	Owner    *Person
	Skipped  int ` + "`gorm:\"-\" bun:\"-\" xorm:\"-\" pg:\"-\" db:\"-\"`" + `
	hidden   int
}

type Person struct {
	Key  string ` + "`gorm:\"primaryKey;column:person_key\" bun:\"person_key,pk\" xorm:\"'person_key' pk varchar(20)\" db:\"person_key\"`" + `
	Home Address ` + "`gorm:\"embedded;embeddedPrefix:home_\" bun:\"embed:home_\" xorm:\"extends\"`" + `
	Tags JSON
	Zone string ` + "`xorm:\"LONGTEXT NOT NULL DEFAULT 'UTC'\" gorm:\"-\" bun:\"-\"`" + `
}

type Address struct{ Street string }

type JSON struct{ raw []byte }

func (*JSON) Scan(any) error { return nil }

type Named struct{ ID int }

func (Named) TableName() string { return "app_named" }

type Invoice struct {
	BaseModel ` + "`bun:\"table:billing.invoices,alias:i\"`" + `
	tableName struct{} ` + "`pg:\"billing.invoices,alias:i\"`" + `

	ID   string ` + "`bun:\"id,pk\" pg:\"id,pk\"`" + `
	Rows []int  ` + "`bun:\"rel:has-many\" pg:\"rel:has-many\"`" + `
}

type Receipt struct {
	BaseModel ` + "`bun:\"billing.receipt,alias:r\"`" + `
	ID        string ` + "`bun:\"id,pk\"`" + `
}

type Refund struct {
	BaseModel ` + "`bun:\"alias:f\"`" + `
	ID        string ` + "`bun:\"id,pk\"`" + `
}
`

func TestOf(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		typ    string
		mapper model.Mapper
		want   string
	}{
		{"APIKey", model.GORM, "api_keys(id!, created_at, tenant_id, users)"},
		{"APIKey", model.Bun, "api_keys as api_key(id!, created_at, tenant_id, user_i_ds, owner)"},
		{"APIKey", model.XORM, "api_key(id!, created_at, tenant_id, user_ids, owner)"},
		{"Person", model.GORM, "people(person_key!, home_street, tags)"},
		{"Person", model.Bun, "people as person(person_key!, home_street, tags)"},
		{"Person", model.XORM, "person(person_key!, street, tags, zone)"},
		{"Person", model.DB, "(person_key)"},
		{"Person", model.Pop, "people(person_key)"},
		{"Named", model.Pop, "app_named()"},
		{"Named", model.GORM, "app_named(id!)"},
		{"Named", model.XORM, "app_named(id!)"},
		{"Named", model.Bun, "nameds as named(id!)"},
		{"Invoice", model.Bun, "billing.invoices as i(id!)"},
		{"Receipt", model.Bun, "billing.receipt as r(id!)"},
		{"Refund", model.Bun, "refunds as f(id!)"},
		{"Invoice", model.GoPG, "billing.invoices as i(id!)"},
	} {
		t.Run(fmt.Sprintf("%s/%s", test.typ, test.mapper), func(t *testing.T) {
			t.Parallel()
			typ := types.NewSlice(types.NewPointer(pkg.Scope().Lookup(test.typ).Type()))
			table := model.Of(typ, test.mapper, func(*types.Func) string { return "app_named" })
			if got := format(table); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func format(table *model.Table) string {
	var columns []string
	for _, c := range table.Columns {
		if c.Key {
			c.Name += "!"
		}
		columns = append(columns, c.Name)
	}
	name := table.Name
	if table.Alias != "" {
		name += " as " + table.Alias
	}
	return name + "(" + strings.Join(columns, ", ") + ")"
}

func TestOfNoStruct(t *testing.T) {
	t.Parallel()
	for _, typ := range []types.Type{types.Typ[types.Int], types.NewSlice(types.Typ[types.String]), types.NewMap(types.Typ[types.String], types.Typ[types.Int])} {
		if table := model.Of(typ, model.GORM, nil); table != nil {
			t.Errorf("%v is a table", typ)
		}
	}
}

// BenchmarkOf reads one struct an operation; Address has no tags.
func BenchmarkOf(b *testing.B) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		b.Fatal(err)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"Person", "APIKey", "Address"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				model.Of(pkg.Scope().Lookup(name).Type(), model.GORM, func(*types.Func) string { return "" })
			}
		})
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		mapper     model.Mapper
		one, other string
		want       string
	}{
		{model.GORM, `gorm:"unique"`, `gorm:"uniqueIndex"`, "[[one] [other]]"},
		{model.GORM, `gorm:"uniqueIndex:both"`, `gorm:"uniqueIndex:both"`, "[[one other]]"},
		{model.GORM, `gorm:"uniqueIndex:some,where:other > 0"`, `gorm:"index"`, "[]"},
		{model.Bun, `bun:",unique"`, `bun:",unique"`, "[[one] [other]]"},
		{model.Bun, `bun:",unique:both"`, `bun:",unique:both"`, "[[one other]]"},
		{model.Bun, `bun:",notnull"`, `bun:"other"`, "[]"},
		{model.XORM, `xorm:"unique"`, `xorm:"varchar(9) unique"`, "[[one] [other]]"},
		{model.XORM, `xorm:"unique(both)"`, `xorm:"UNIQUE(both)"`, "[[one other]]"},
		{model.XORM, `xorm:"index"`, `xorm:"notnull"`, "[]"},
	} {
		fields := []*types.Var{types.NewField(token.NoPos, nil, "One", types.Typ[types.Int], false), types.NewField(token.NoPos, nil, "Other", types.Typ[types.Int], false)}
		named := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("p", "p"), "Thing", nil), types.NewStruct(fields, []string{test.one, test.other}), nil)
		if got := fmt.Sprint(model.Of(named, test.mapper, nil).Unique()); got != test.want {
			t.Errorf("%s %s and %s: %s, want %s", test.mapper, test.one, test.other, got, test.want)
		}
	}
}
