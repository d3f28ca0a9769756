package dbapi

// scan reads rows into structs; bob is built on it.
var scan = &Library{
	Paths: []string{"github.com/stephenafamo/scan"},
	Executes: []Methods{
		{"", "All One Cursor Each"},
	},
}
