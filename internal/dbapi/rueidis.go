package dbapi

// Commands share a few connections; those that block take one each, from a pool.
var rueidis = &Library{
	Paths: []string{"github.com/redis/rueidis", "github.com/valkey-io/valkey-go"},
	NoSQL: true,
	Packages: []Package{
		{
			Paths:    "github.com/redis/rueidis",
			Opens:    []openers{pool("NewClient", 0, &Limit{Fixed: 1024, Field: "BlockingPoolSize"})},
			Releases: "Client.Close CoreClient.Close",
		},
		{
			Paths: "github.com/redis/rueidis/rueidiscompat github.com/valkey-io/valkey-go/valkeycompat",
			Opens: []openers{wrap("NewAdapter", 0)},
		},
	},
}
