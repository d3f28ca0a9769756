package dbapi

// zombiezen is SQLite without database/sql, and what it comes from.
var zombiezen = &Library{
	Paths: []string{"zombiezen.com/go/sqlite", "crawshaw.io/sqlite"},
	Executes: []Methods{
		{"Conn", "Prep Prepare PrepareTransient"},
		{"", `Exec ExecFS ExecScript ExecScriptFS ExecTransient ExecTransientFS Execute ExecuteFS ExecuteScript ExecuteScriptFS
			ExecuteTransient ExecuteTransientFS`},
	},
}
