package dbapi

// gozero are the stores of go-zero.
var gozero = &Library{
	Paths:  []string{"github.com/zeromicro/go-zero/core/stores", "github.com/tal-tech/go-zero/core/stores"},
	Shapes: []Shape{{"sqlx", "SqlConn", "QueryRows Transact"}},
	Executes: []Methods{
		{"SqlConn Session", `Exec ExecCtx Prepare PrepareCtx QueryRow QueryRowCtx QueryRowPartial QueryRowPartialCtx QueryRows QueryRowsCtx
			QueryRowsPartial QueryRowsPartialCtx`},
		{"CachedConn", `ExecNoCache ExecNoCacheCtx QueryRowNoCache QueryRowNoCacheCtx QueryRowPartialNoCache QueryRowPartialNoCacheCtx
			QueryRowsNoCache QueryRowsNoCacheCtx QueryRowsPartialNoCache QueryRowsPartialNoCacheCtx`},
		{"", "NewBulkInserter"},
	},
}
