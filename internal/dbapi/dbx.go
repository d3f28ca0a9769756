package dbapi

var dbx = &Library{
	Paths: []string{"github.com/pocketbase/dbx", "github.com/go-ozzo/ozzo-dbx"},
	Executes: []Methods{
		{"Query SelectQuery ModelQuery", "All Column Delete Execute Insert One Row Rows Update"},
	},
}
