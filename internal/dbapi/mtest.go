package dbapi

// mtest is what the MongoDB driver tests itself with.
var mtest = &Library{
	Paths:  []string{"go.mongodb.org/mongo-driver/mongo/integration/mtest"},
	Origin: Private,
}
