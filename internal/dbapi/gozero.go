package dbapi

// gozero are the stores of go-zero.
var gozero = &Library{
	Paths:  []string{"github.com/zeromicro/go-zero/core/stores", "github.com/tal-tech/go-zero/core/stores"},
	Shapes: []Shape{{"sqlx", "SqlConn", "QueryRows Transact"}},
	Packages: []Package{
		{
			Paths: "github.com/zeromicro/go-zero/core/stores/sqlx",
			Queries: []QueryRow{
				{"SqlConn Session", "Exec", 0, 1, 0},
				{"SqlConn Session", "ExecCtx QueryRow QueryRowPartial QueryRows QueryRowsPartial", 1, 2, 0},
				{"SqlConn Session", "QueryRowCtx QueryRowPartialCtx QueryRowsCtx QueryRowsPartialCtx", 2, 3, 0},
				{"SqlConn Session", "Prepare", 0, None, 0},
				{"SqlConn Session", "PrepareCtx", 1, None, 0},
				{"", "NewBulkInserter", 1, None, 0},
			},
		},
		{
			Paths: "github.com/zeromicro/go-zero/core/stores/sqlc",
			Queries: []QueryRow{
				{"CachedConn", "ExecNoCache", 0, 1, 0},
				{"CachedConn", "ExecNoCacheCtx QueryRowNoCache QueryRowPartialNoCache QueryRowsNoCache QueryRowsPartialNoCache", 1, 2, 0},
				{"CachedConn", "QueryRowNoCacheCtx QueryRowPartialNoCacheCtx QueryRowsNoCacheCtx QueryRowsPartialNoCacheCtx", 2, 3, 0},
			},
		},
	},
	Executes: []Methods{
		{"SqlConn Session", `Exec ExecCtx Prepare PrepareCtx QueryRow QueryRowCtx QueryRowPartial QueryRowPartialCtx QueryRows QueryRowsCtx
			QueryRowsPartial QueryRowsPartialCtx`},
		{"CachedConn", `ExecNoCache ExecNoCacheCtx QueryRowNoCache QueryRowNoCacheCtx QueryRowPartialNoCache QueryRowPartialNoCacheCtx
			QueryRowsNoCache QueryRowsNoCacheCtx QueryRowsPartialNoCache QueryRowsPartialNoCacheCtx`},
		{"", "NewBulkInserter"},
	},
}
