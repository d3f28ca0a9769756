package dbapi

var rel = &Library{
	Paths: []string{"github.com/go-rel/rel"},
	Executes: []Methods{
		{"Repository", `Aggregate Count Delete DeleteAll DeleteAny Exec Exists Find FindAll FindAndCountAll Insert InsertAll Iterate Preload Update
			UpdateAny MustAggregate MustCount MustDelete MustDeleteAll MustDeleteAny MustExec MustFind MustFindAll MustFindAndCountAll
			MustInsert MustInsertAll MustPreload MustUpdate MustUpdateAny`},
	},
}
