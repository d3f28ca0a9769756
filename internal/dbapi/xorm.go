package dbapi

var xorm = &Library{
	Paths:  []string{"xorm.io/xorm", "github.com/go-xorm/xorm", "github.com/xorm-io/xorm"},
	Shapes: []Shape{{"xorm", "Session", "FindAndCount Iterate Where"}},
	Packages: []Package{{
		Paths: "xorm.io/xorm",
		Opens: []openers{
			sqlOpen("NewEngine NewEngineGroup NewEngineWithParams", 0, 1),
			wrap("NewEngineWithDB", 2),
		},
		Acquires: "Engine.NewSession",
		Wraps:    "Engine.DB",
		Releases: "Engine.Close EngineGroup.Close Session.Close",
		Migrates: map[string]int{
			"Engine.Sync": Receiver, "Engine.Sync2": Receiver, "Engine.CreateTables": Receiver, "Engine.DropTables": Receiver,
		},
		Queries: []QueryRow{{"Engine Session EngineInterface Interface", "Exec Query QueryString QueryInterface SQL Sql", 0, 1, 0}},
	}},
	Executes: []Methods{{"Engine Session EngineInterface Interface", `Count Delete Exec Exist Find FindAndCount Get Insert InsertMulti InsertOne
		Iterate Query QueryInterface QueryString Rows Sum SumInt Sums SumsInt Update`}},
}
