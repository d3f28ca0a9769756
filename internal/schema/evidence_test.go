package schema

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/internal/config"
)

// Models seldom tell keys: many of them must have the column then. Migrations do tell them.
func TestModelsAlone(t *testing.T) {
	t.Parallel()
	tables := func(n int, names ...string) (all []*Table) {
		for i := range n {
			table := &Table{Name: fmt.Sprint("t", i), columns: map[string]int{}}
			for _, name := range names {
				table.addColumn(Column{Name: name})
			}
			all = append(all, table)
		}
		return all
	}
	root := &Table{Name: "projects", columns: map[string]int{}}
	for _, test := range []struct {
		name   string
		dir    string
		tables []*Table
		want   Confidence
	}{
		{"nine models", "", append(tables(9, "project_id"), root), Low},
		{"ten models", "", append(tables(10, "project_id"), root), High},
		{"ten models of many", "", append(append(tables(10, "project_id"), tables(21, "n")...), root), Low},
		{"ten models and none of projects", "", tables(10, "project_id"), Low},
		{"ten tables", "db", append(tables(10, "project_id"), root), Low},
	} {
		d := &Database{Dir: test.dir, Tables: test.tables}
		if d.settle(config.Default().Tenant); d.Tenant.Confidence != test.want {
			t.Errorf("%s: %+v", test.name, d.Tenant)
		}
	}
}
