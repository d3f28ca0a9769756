package dbapi

var reform = &Library{
	Paths: []string{"gopkg.in/reform"},
	Executes: []Methods{
		{"Querier", `Count Delete DeleteFrom FindAllFrom FindByPrimaryKeyFrom FindByPrimaryKeyTo FindOneFrom FindOneTo FindRows Insert
			InsertColumns InsertMulti Reload Save SelectAllFrom SelectOneFrom SelectOneTo SelectRows Update UpdateColumns UpdateView`},
	},
}
