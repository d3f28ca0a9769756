package dbapi

var integresql = &Library{
	Paths:  []string{"github.com/allaboutapps/integresql-client-go"},
	Origin: Private,
}
