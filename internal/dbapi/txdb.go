package dbapi

// txdb runs each connection in a transaction of its own.
var txdb = &Library{
	Paths:   []string{"github.com/DATA-DOG/go-txdb"},
	Origin:  Fake,
	Drivers: "txdb",
}
