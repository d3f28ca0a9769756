package dbapi

var spanner = &Library{
	Paths: []string{"cloud.google.com/go/spanner"},
	Executes: []Methods{
		{"*", `Apply ApplyAtLeastOnce BatchUpdate BatchUpdateWithOptions BufferWrite PartitionedUpdate PartitionedUpdateWithOptions Query
			QueryWithOptions QueryWithStats Read ReadRow ReadRowUsingIndex ReadRowWithOptions ReadUsingIndex ReadWithOptions Update
			UpdateWithOptions`},
	},
}
