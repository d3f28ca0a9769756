package dbapi

var pgxutil = &Library{
	Paths: []string{"github.com/jackc/pgxutil"},
	Executes: []Methods{
		{"", "ExecRow Insert InsertRow InsertRowReturning InsertReturning Select SelectRow Update UpdateRow UpdateReturning UpdateRowReturning"},
	},
}
