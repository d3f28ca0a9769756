package dbapi

var gnomock = &Library{
	Paths:  []string{"github.com/orlangure/gnomock"},
	Origin: Private | Started,
}
