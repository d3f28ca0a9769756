package dbapi

var pgtestdb = &Library{
	Paths:  []string{"github.com/peterldowns/pgtestdb"},
	Origin: Private,
}
