package dbapi

var redis = &Library{
	Paths: []string{"github.com/redis/go-redis", "github.com/go-redis/redis"},
	NoSQL: true,
	Packages: []Package{{
		Paths: "github.com/redis/go-redis/v9 github.com/go-redis/redis/v8 github.com/go-redis/redis/v7 github.com/go-redis/redis",
		Opens: []openers{
			pool("NewClient NewFailoverClient NewFailoverClusterClient", 0, redisLimit),
			pool("NewClusterClient NewRing NewUniversalClient", 0, redisLimit).at("Addrs ClusterSlots"),
		},
		Releases: "Client.Close baseClient.Close ClusterClient.Close Ring.Close UniversalClient.Close",
		Drops:    "cmdable.FlushDB cmdable.FlushDBAsync cmdable.FlushAll cmdable.FlushAllAsync Cmdable.FlushDB Cmdable.FlushDBAsync Cmdable.FlushAll Cmdable.FlushAllAsync",
	}},
}

var redisLimit = &Limit{PerCPU: 10, Param: "pool_size", Field: "PoolSize"}
