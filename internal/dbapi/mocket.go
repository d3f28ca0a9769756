package dbapi

var mocket = &Library{
	Paths:   []string{"github.com/selvatico/go-mocket"},
	Origin:  Fake,
	Drivers: "MOCK_FAKE_DRIVER",
}
