package dbapi

var sqltestutil = &Library{
	Paths:  []string{"github.com/bitcomplete/sqltestutil"},
	Origin: Private | Started,
}
