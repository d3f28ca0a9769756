package table

// UseSchema sets a new schema name for all generated table SQL builder types.
func UseSchema(schema string) {
	Users = Users.FromSchema(schema)
	Orders = Orders.FromSchema(schema)
}
