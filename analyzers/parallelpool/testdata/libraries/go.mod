module example.com/libraries

go 1.26.0

require (
	github.com/golang-migrate/migrate/v4 v4.0.0
	github.com/testcontainers/testcontainers-go/modules/postgres v0.0.0
	go.mongodb.org/mongo-driver v1.0.0
)

replace (
	github.com/golang-migrate/migrate/v4 => ./migrate
	github.com/testcontainers/testcontainers-go/modules/postgres => ./container
	go.mongodb.org/mongo-driver => ./mongo
)
