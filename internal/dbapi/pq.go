package dbapi

var pq = &Library{
	Paths: []string{"github.com/lib/pq"},
	Packages: []Package{{
		Paths:      "github.com/lib/pq",
		Opens:      []openers{conn("Open", 0)},
		Configures: "NewConnector",
		Texts:      map[string]Text{"QuoteIdentifier": {Identifier, 0}, "QuoteLiteral": {Literal, 0}},
	}},
}
