package dbapi

var dbw = &Library{
	Paths: []string{"github.com/hashicorp/go-dbw"},
	Executes: []Methods{
		{"RW Reader Writer", "Create CreateItems Delete DeleteItems Exec LookupBy LookupByPublicId LookupWhere Query SearchWhere Update"},
	},
}
