package dbapi

var rqlite = &Library{
	Paths: []string{"github.com/rqlite/gorqlite"},
	Executes: []Methods{
		{"Connection", `Query QueryContext QueryOne QueryOneContext QueryOneParameterized QueryOneParameterizedContext QueryParameterized
			QueryParameterizedContext Write WriteContext WriteOne WriteOneContext WriteOneParameterized WriteOneParameterizedContext
			WriteParameterized WriteParameterizedContext`},
	},
}
