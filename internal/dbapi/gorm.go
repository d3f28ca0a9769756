package dbapi

import (
	"go/types"
	"regexp"
	"strings"
)

const gormHandles = "DB Interface ChainInterface CreateInterface ExecInterface SetCreateOrUpdateInterface SetUpdateOnlyInterface"

// gorm's drivers are dialectors, see IsDialector. Its version 1 has a path of its own.
var gorm = &Library{
	Paths:  []string{"gorm.io/gorm", "github.com/jinzhu/gorm"},
	Shapes: []Shape{{"gorm", "DB", "Find Raw Where"}},
	Packages: []Package{
		{
			Paths:    "gorm.io/gorm",
			Opens:    []openers{pool("Open", 0, &Limit{Setter: "SetMaxOpenConns"})},
			Begins:   "DB.Begin",
			Wraps:    "DB.DB",
			Releases: "DB.Commit DB.Rollback",
			Chains:   gormHandles,
			Queries:  []QueryRow{{"DB", "Raw Exec", 0, 1, 0}, {"Interface", "Raw", 0, 1, 0}, {"Interface", "Exec", 1, 2, 0}},
			Migrates: map[string]int{
				"DB.AutoMigrate": Receiver, "Migrator.AutoMigrate": Receiver, "Migrator.CreateTable": Receiver, "Migrator.DropTable": Receiver,
			},
		},
		{
			Paths:    "github.com/jinzhu/gorm",
			Opens:    []openers{sqlOpen("Open", 0, 1)},
			Begins:   "DB.BeginTx",
			Releases: "DB.Close",
		},
	},
	Rows: []Methods{{gormHandles, "Save"}},
	Executes: []Methods{
		{gormHandles, `Count Create CreateInBatches Delete Exec Find FindInBatches First FirstOrCreate FirstOrInit
			Last Pluck Row Rows Save Scan Take Update UpdateColumn UpdateColumns Updates`},
		{"Association", "Append Clear Count Delete Find Replace"},
	},
}

// dialectorDrivers are packages whose functions make a GORM dialector that
// dials a server.
var dialectorDrivers = []string{
	"gorm.io/driver/", "github.com/jinzhu/gorm/dialects/", "github.com/go-gorm/",
}

// IsDialector reports whether t is, or is a pointer to, a GORM dialector. A struct that has the methods
// of one in a field, as gorm.Config does, is none.
func IsDialector(t types.Type) bool {
	for _, method := range []string{"DataTypeOf", "BindVarTo", "QuoteTo"} {
		fn, path, _ := types.LookupFieldOrMethod(t, true, nil, method)
		if fn == nil || len(path) > 1 && types.IsInterface(fn.(*types.Func).Signature().Recv().Type()) {
			return false
		}
	}
	return true
}

var (
	fileDialect   = regexp.MustCompile(`(?i)sqlite|duckdb`)
	serverDialect = regexp.MustCompile(`(?i)` + servers + `|pgsql|gauss|oracle`)
)

// OriginOfDialector returns what the GORM dialectors of a package are that is in no library of
// the catalogue, by its name; 0 if that says nothing.
func OriginOfDialector(pkg *types.Package) Origin {
	switch {
	case fileDialect.MatchString(pkg.Name()):
		return Fake
	case serverDialect.MatchString(pkg.Name()):
		return Server
	}
	return 0
}

// DialsServer reports whether a GORM dialector of type t dials a server: the
// interface itself may; an own type of the tree, as tests define, does not.
func DialsServer(t types.Type) bool {
	if types.IsInterface(t) {
		return true
	}
	name := TypeName(t)
	for _, p := range dialectorDrivers {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
