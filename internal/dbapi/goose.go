package dbapi

var goose = &Library{
	Paths: []string{"github.com/pressly/goose"},
	Packages: []Package{{
		Paths:    "github.com/pressly/goose/v3 github.com/pressly/goose",
		Migrates: map[string]int{"Up": 0, "Reset": 0, "UpContext": 1, "ResetContext": 1},
	}},
}
