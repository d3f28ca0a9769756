package builder

import (
	"go/types"

	"github.com/poollint/poollint/internal/sqltext/value"
)

// goqu's executors run the dataset that they are made of, as it is then:
// db.Delete("users").Where(…).Executor().Exec().
var goquExecutor = &Builder{
	Name:     "goqu executor",
	Packages: []string{"github.com/doug-martin/goqu/v9/exec"},
	Owns:     func(obj types.Object) bool { return obj.Name() == "QueryExecutor" },
	Runs:     goqu.Runs,
	Renders:  goqu.Renders,
	Begin:    func(*Call) value.Value { return nil },
	Step:     func(*Statement, *value.Step) {},
}
