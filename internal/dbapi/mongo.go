package dbapi

var mongoPool = &Limit{Fixed: 100, Param: "maxPoolSize", Option: "SetMaxPoolSize"}

var mongo = &Library{
	Paths: []string{"go.mongodb.org/mongo-driver"},
	NoSQL: true,
	Packages: []Package{
		{
			Paths:    "go.mongodb.org/mongo-driver/mongo",
			Opens:    []openers{pool("Connect", 1, mongoPool), pool("NewClient", 0, mongoPool)},
			Releases: "Client.Disconnect",
			Names:    "Client.Database",
			Parts:    "Database.Collection",
			Drops:    "Database.Drop Collection.Drop",
			Deletes:  map[string]int{"Collection.DeleteMany": 1},
		},
		{
			Paths:    "go.mongodb.org/mongo-driver/v2/mongo",
			Opens:    []openers{pool("Connect", 0, mongoPool)},
			Releases: "Client.Disconnect",
			Names:    "Client.Database",
			Parts:    "Database.Collection",
			Drops:    "Database.Drop Collection.Drop",
			Deletes:  map[string]int{"Collection.DeleteMany": 1},
		},
	},
}
