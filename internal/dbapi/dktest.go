package dbapi

var dktest = &Library{
	Paths:  []string{"github.com/dhui/dktest"},
	Origin: Private | Started,
}
