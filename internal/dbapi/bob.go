package dbapi

var bob = &Library{
	Paths:  []string{"github.com/stephenafamo/bob"},
	Shapes: []Shape{{"", "BaseQuery", "Exec WriteQuery"}},
	Executes: []Methods{
		{"*", "All One Cursor Count Exists Exec"},
		{"", "All Allx One Cursor Exec"},
	},
}
