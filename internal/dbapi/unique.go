package dbapi

// unique are libraries that give a value which differs from call to call.
var unique = &Library{
	Paths: []string{
		"github.com/google/uuid",
		"github.com/gofrs/uuid",
		"github.com/satori/go.uuid",
		"github.com/oklog/ulid",
		"github.com/rs/xid",
		"github.com/segmentio/ksuid",
		"github.com/lithammer/shortuuid",
		"github.com/matoous/go-nanoid",
		"github.com/sony/sonyflake",
		"github.com/brianvoe/gofakeit",
		"github.com/go-faker/faker",
		"github.com/jaswdr/faker",
		"github.com/dchest/uniuri",
		"github.com/teris-io/shortid",
		"github.com/dustinkirkland/golang-petname",
		"math/rand",
		"crypto/rand",
	},
	Origin: Unique,
}
