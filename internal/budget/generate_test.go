package budget

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
)

// A suite is generated tests: packages of one module that run together.
type suite struct {
	seed        uint64
	p, parallel int
	count       int
	specs       bool              // of ginkgo, which takes neither -parallel nor -count
	packages    []string          // with tests, in the module
	files       map[string]string // by path
	shapes      []string          // that it is made of
}

func (s *suite) String() string {
	return fmt.Sprintf("seed %d, -p %d -parallel %d -count %d: %s", s.seed, s.p, s.parallel, s.count, strings.Join(s.shapes, ", "))
}

const modulePath = "example.com/generated"

// generate makes the suite of a seed.
func generate(seed uint64) *suite {
	r := rand.New(rand.NewPCG(seed, 14))
	s := &suite{seed: seed, p: 1 + r.IntN(2), parallel: 1 + r.IntN(4), count: 1 + r.IntN(5)/4, files: map[string]string{}}
	helpers := ""
	if r.IntN(2) == 0 { // in a package of their own
		helpers = fmt.Sprintf("s%ddb", seed)
		s.files[helpers+"/db.go"] = "package " + helpers + "\n" + helperCode(r)
	}
	for i := range 1 + r.IntN(3)/2 {
		pkg := fmt.Sprintf("s%d%c", seed, 'a'+i)
		s.packages = append(s.packages, pkg)
		var tests, qualify strings.Builder
		if helpers == "" {
			s.files[pkg+"/helpers_test.go"] = "package " + pkg + "\n" + helperCode(r)
		} else {
			fmt.Fprintf(&qualify, "%s.", helpers)
		}
		for j := range 1 + r.IntN(4) {
			kinds := [][]shape{shapes, shapes, hidden, boundless, testifySuites, specs}[r.IntN(6)]
			shape := kinds[r.IntN(len(kinds))]
			if !shape.fits(tests.String()) {
				continue
			}
			s.shapes = append(s.shapes, shape.name)
			tests.WriteString(fill(r, shape.code, fmt.Sprintf("T%d", j), qualify.String()))
		}
		if strings.Contains(tests.String(), "ginkgo.") {
			tests.WriteString(running)
			s.specs, s.count, s.parallel = true, 1, runtime.GOMAXPROCS(0)
		}
		header := "package " + pkg + "\n" + imports
		if helpers != "" {
			header = strings.Replace(header, "import (", "import (\n\t\""+modulePath+"/"+helpers+"\"\n", 1) + "var _ = " + helpers + ".URL\n"
		}
		if helpers != "" && r.IntN(3) == 0 { // external tests
			header = strings.Replace(header, "package "+pkg, "package "+pkg+"_test", 1)
		}
		s.files[pkg+"/"+pkg+"_test.go"] = header + tests.String()
	}
	return s
}

// fill puts numbers and names into a shape: N is a limit, K a number of rounds, X the name of
// the test, H. what leads to a helper.
func fill(r *rand.Rand, code, name, helpers string) string {
	for strings.Contains(code, "‹N›") {
		code = strings.Replace(code, "‹N›", fmt.Sprint(1+r.IntN(4)), 1)
	}
	for strings.Contains(code, "‹K›") {
		code = strings.Replace(code, "‹K›", fmt.Sprint(2+r.IntN(2)), 1)
	}
	return strings.NewReplacer("‹X›", name, "‹H›", helpers).Replace(code)
}

func helperCode(r *rand.Rand) string {
	code := imports + helperFuncs + sharing[r.IntN(len(sharing))]
	return fill(r, code, "H", "")
}

const imports = `
import (
	"context"
	"database/sql"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"

	"example.com/generated/hold"
)

var (
	_ = context.Background
	_ = sql.Open
	_ = errors.New
	_ = os.Getenv
	_ = runtime.NumCPU
	_ = strconv.Atoi
	_ = strings.Contains
	_ sync.Once
	_ testing.TB
	_ = pgx.Connect
	_ = pgxpool.New
	_ = hold.Settle
)
`

const helperFuncs = `
func URL() string { return os.Getenv("DATABASE_URL") }

func Open(t testing.TB, n int) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(URL())
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = int32(n)
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func OpenDB(t testing.TB, dsn string, n int) *sql.DB {
	db, err := Raw(dsn, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func Raw(dsn string, n int) (*sql.DB, error) {
	hold.Settle()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func Retry(dsn string, n int) (*sql.DB, error) {
	var failed error
	for range 5 {
		db, err := Raw(dsn, n)
		if err == nil {
			return db, nil
		}
		failed = err
	}
	return nil, failed
}

type Fixture struct {
	DB    *sql.DB
	Other *pgxpool.Pool
}

func NewFixture(t testing.TB, n int) *Fixture {
	db, err := Raw(URL(), n)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(context.Background(), URL()+"&pool_max_conns=‹N›")
	if err != nil {
		t.Fatal(err)
	}
	return &Fixture{db, pool}
}

func (f *Fixture) Close() {
	f.DB.Close()
	f.Other.Close()
}

func WithDB(t testing.TB, n int, use func(*sql.DB)) {
	db, err := Raw(URL(), n)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	use(db)
}

func Each(t *testing.T, names []string, test func(t *testing.T)) {
	for _, name := range names {
		t.Run(name, test)
	}
}

func EachParallel(t *testing.T, test func(t *testing.T)) {
	for _, name := range []string{"x", "y", "z"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func Conn(t testing.TB) *pgx.Conn {
	hold.Settle()
	conn, err := pgx.Connect(context.Background(), URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// A Service is code under test.
type Service struct{ db *sql.DB }

func NewService(n int) (*Service, error) {
	db, err := sql.Open("pgx", URL())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	return &Service{db}, nil
}

func (s *Service) DB() *sql.DB  { return s.db }
func (s *Service) Close() error { return s.db.Close() }

func Shared(t testing.TB) *sql.DB {
	db, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return db
}
`

// sharing are the ways to open one pool for all.
var sharing = []string{`
var shared = sync.OnceValues(func() (*sql.DB, error) { return Raw(URL(), ‹N›) })
`, `
var (
	once     sync.Once
	sharedDB *sql.DB
	failed   error
)

func shared() (*sql.DB, error) {
	once.Do(func() { sharedDB, failed = Raw(URL(), ‹N›) })
	return sharedDB, failed
}
`, `
var (
	mu       sync.Mutex
	sharedDB *sql.DB
)

func shared() (*sql.DB, error) {
	mu.Lock()
	defer mu.Unlock()
	if sharedDB != nil {
		return sharedDB, nil
	}
	db, err := Raw(URL(), ‹N›)
	if err != nil {
		return nil, err
	}
	sharedDB = db
	return sharedDB, nil
}
`, `
var sharedDB, sharedErr = Raw(URL(), ‹N›)

func shared() (*sql.DB, error) { return sharedDB, sharedErr }
`, `
func openShared() *sql.DB {
	db, err := Raw(URL(), ‹N›)
	if err != nil {
		panic(err)
	}
	return db
}

var value = sync.OnceValue(openShared)

func shared() (*sql.DB, error) { return value(), nil }
`, `
type lazy struct {
	once sync.Once
	db   *sql.DB
	err  error
}

func (l *lazy) get() (*sql.DB, error) {
	l.once.Do(l.open)
	return l.db, l.err
}

func (l *lazy) open() { l.db, l.err = Raw(URL(), ‹N›) }

var only lazy

func shared() (*sql.DB, error) { return only.get() }
`, `
var (
	sharedDB *sql.DB
	failed   error
)

var start = sync.OnceFunc(func() { sharedDB, failed = Raw(URL(), ‹N›) })

func shared() (*sql.DB, error) {
	start()
	return sharedDB, failed
}
`, `
func opener(n int) func() (*sql.DB, error) {
	return sync.OnceValues(func() (*sql.DB, error) { return Raw(URL(), n) })
}

var shared = opener(‹N›)
`, `
type later[T any] struct {
	once  sync.Once
	value T
	err   error
	open  func() (T, error)
}

func (l *later[T]) get() (T, error) {
	l.once.Do(func() { l.value, l.err = l.open() })
	return l.value, l.err
}

var only = &later[*sql.DB]{open: func() (*sql.DB, error) { return Raw(URL(), ‹N›) }}

func shared() (*sql.DB, error) { return only.get() }
`, `
var (
	mu       sync.RWMutex
	sharedDB *sql.DB
)

func shared() (*sql.DB, error) {
	mu.RLock()
	db := sharedDB
	mu.RUnlock()
	if db != nil {
		return db, nil
	}
	mu.Lock()
	defer mu.Unlock()
	if sharedDB == nil {
		var err error
		if sharedDB, err = Raw(URL(), ‹N›); err != nil {
			return nil, err
		}
	}
	return sharedDB, nil
}
`, `
var (
	once     sync.Once
	sharedDB *sql.DB
	failed   error
)

func first(o *sync.Once, open func()) { o.Do(open) }

func start() { sharedDB, failed = Retry(URL(), ‹N›) }

func shared() (*sql.DB, error) {
	first(&once, start)
	return sharedDB, failed
}
`}

// A shape is a kind of test.
type shape struct{ name, code string }

var shapes = []shape{{"serial", `
func Test‹X›(t *testing.T) { hold.Pool(t, ‹H›Open(t, ‹N›)) }
`}, {"parallel", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.DB(t, ‹H›OpenDB(t, ‹H›URL(), ‹N›))
}

func Test‹X›Too(t *testing.T) {
	t.Parallel()
	hold.Pool(t, ‹H›Open(t, ‹N›))
}

func Test‹X›Three(t *testing.T) {
	t.Parallel()
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"open before parallel", `
func Test‹X›(t *testing.T) {
	pool := ‹H›Open(t, ‹N›)
	hold.Pool(t, pool)
	t.Parallel()
	hold.Pool(t, pool)
}

func Test‹X›Too(t *testing.T) {
	db := ‹H›OpenDB(t, os.Getenv("DATABASE_URL"), ‹N›)
	hold.DB(t, db)
	t.Parallel()
	hold.DB(t, db)
}
`}, {"table", `
func Test‹X›(t *testing.T) {
	for _, tc := range []struct{ name string }{{"a"}, {"b"}, {"c"}} {
		t.Run(tc.name, func(t *testing.T) { hold.Pool(t, ‹H›Open(t, ‹N›)) })
	}
}
`}, {"parallel table", `
func Test‹X›(t *testing.T) {
	cases := []string{"a", "b", "c", "d"}
	for _, tc := range cases {
		t.Run(tc, func(t *testing.T) {
			t.Parallel()
			hold.Pool(t, ‹H›Open(t, ‹N›))
		})
	}
}
`}, {"parallel table in a parallel test", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.Pool(t, ‹H›Open(t, ‹N›))
	for _, tc := range []string{"a", "b"} {
		t.Run(tc, func(t *testing.T) {
			t.Parallel()
			hold.DB(t, ‹H›OpenDB(t, ‹H›URL(), ‹N›))
		})
	}
}

func Test‹X›Too(t *testing.T) {
	t.Parallel()
	hold.Pool(t, ‹H›Open(t, ‹N›))
	t.Run("sub", func(t *testing.T) {
		t.Parallel()
		hold.Pool(t, ‹H›Open(t, ‹N›))
	})
}
`}, {"loop", `
func Test‹X›(t *testing.T) {
	var all []*pgxpool.Pool
	for i := 0; i < ‹K›; i++ {
		pool := ‹H›Open(t, ‹N›)
		hold.Pool(t, pool)
		all = append(all, pool)
	}
	for _, pool := range all {
		hold.Pool(t, pool)
	}
}
`}, {"object that opens, and cancels in a loop", `
type Worker‹X› struct {
	open    func() *pgxpool.Pool
	cancels []context.CancelFunc
}

func (w *Worker‹X›) Stop() {
	for _, cancel := range w.cancels {
		cancel()
	}
}

func Test‹X›(t *testing.T) {
	w := &Worker‹X›{open: func() *pgxpool.Pool { return ‹H›Open(t, ‹N›) }}
	_, cancel := context.WithCancel(context.Background())
	w.cancels = append(w.cancels, cancel)
	hold.Pool(t, w.open())
	w.Stop()
}
`}, {"loop that closes", `
func Test‹X›(t *testing.T) {
	for range ‹K› {
		db, err := ‹H›Raw(‹H›URL(), ‹N›)
		if err != nil {
			t.Fatal(err)
		}
		hold.DB(t, db)
		db.Close()
	}
}
`}, {"loop that defers", `
func Test‹X›(t *testing.T) {
	for range ‹K› {
		db, err := ‹H›Retry(‹H›URL(), ‹N›)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		hold.DB(t, db)
	}
}
`}, {"goroutines", `
func Test‹X›(t *testing.T) {
	var group sync.WaitGroup
	for range ‹K› {
		group.Add(1)
		go func() {
			defer group.Done()
			hold.Pool(t, ‹H›Open(t, ‹N›))
		}()
	}
	group.Wait()
}
`}, {"goroutines nobody waits for", `
func Test‹X›(t *testing.T) {
	done := make(chan bool)
	for range ‹K› {
		go func() {
			db, err := ‹H›Raw(‹H›URL(), ‹N›)
			if err == nil {
				hold.DB(t, db)
				db.Close()
			}
			done <- true
		}()
	}
	for range ‹K› {
		<-done
		break
	}
	go func() {
		for range done {
		}
	}()
	hold.DB(t, ‹H›Shared(t))
}
`}, {"leak", `
func Test‹X›(t *testing.T) {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		t.Fatal(err)
	}
	hold.DB(t, db)
}

func Test‹X›Sub(t *testing.T) {
	for range ‹K› {
		t.Run("sub", func(t *testing.T) {
			pool, err := pgxpool.New(context.Background(), ‹H›URL()+"&pool_max_conns=‹N›")
			if err != nil {
				t.Fatal(err)
			}
			hold.Pool(t, pool)
		})
	}
}
`}, {"shared", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.DB(t, ‹H›Shared(t))
}

func Test‹X›Too(t *testing.T) {
	hold.DB(t, ‹H›Shared(t))
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"once, or else something", `
var open‹X› = sync.OnceValues(func() (*sql.DB, error) { return ‹H›Raw(‹H›URL(), ‹N›) })

func take‹X›(t *testing.T) {
	db, err := open‹X›()
	if err != nil {
		t.Fatal(err)
	}
	hold.DB(t, db)
}

func Test‹X›(t *testing.T) {
	take‹X›(t)
	open‹X› = func() (*sql.DB, error) { return ‹H›OpenDB(t, ‹H›URL(), 4), nil }
	take‹X›(t)
	take‹X›(t)
}
`}, {"default limit", `
func Test‹X›(t *testing.T) {
	pool, err := pgxpool.New(context.Background(), ‹H›URL())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	hold.Pool(t, pool)
}
`}, {"fixture", `
func Test‹X›(t *testing.T) {
	f := ‹H›NewFixture(t, ‹N›)
	defer f.Close()
	hold.DB(t, f.DB)
	hold.Pool(t, f.Other)
}

func Test‹X›Leaks(t *testing.T) {
	f := ‹H›NewFixture(t, ‹N›)
	hold.DB(t, f.DB)
	hold.Pool(t, f.Other)
}
`}, {"callback", `
func Test‹X›(t *testing.T) {
	‹H›WithDB(t, ‹N›, func(db *sql.DB) {
		hold.DB(t, db)
		hold.Pool(t, ‹H›Open(t, ‹N›))
	})
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"subtests by a helper", `
func Test‹X›(t *testing.T) {
	‹H›Each(t, []string{"a", "b"}, func(t *testing.T) { hold.Pool(t, ‹H›Open(t, ‹N›)) })
	‹H›EachParallel(t, func(t *testing.T) { hold.DB(t, ‹H›OpenDB(t, ‹H›URL(), ‹N›)) })
}
`}, {"the outer test's cleanup", `
func Test‹X›(outer *testing.T) {
	for range ‹K› {
		outer.Run("sub", func(t *testing.T) { hold.Pool(t, ‹H›Open(outer, ‹N›)) })
	}
}
`}, {"functions in a table", `
func Test‹X›(t *testing.T) {
	for _, tc := range []struct {
		name string
		open func(t testing.TB, n int) *pgxpool.Pool
	}{{"a", ‹H›Open}, {"b", func(t testing.TB, n int) *pgxpool.Pool {
		hold.Pool(t, ‹H›Open(t, ‹N›))
		return ‹H›Open(t, n)
	}}} {
		t.Run(tc.name, func(t *testing.T) { hold.Pool(t, tc.open(t, ‹N›)) })
	}
}
`}, {"a branch", `
func open‹X›(t testing.TB, big bool) *sql.DB {
	if big {
		return ‹H›OpenDB(t, ‹H›URL(), 4)
	}
	return ‹H›OpenDB(t, ‹H›URL(), ‹N›)
}

func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.DB(t, open‹X›(t, true))
	hold.DB(t, open‹X›(t, len(os.Args) > 100))
}
`}, {"connections", `
func Test‹X›(t *testing.T) {
	for range ‹K› {
		hold.Conn(t, ‹H›Conn(t))
	}
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) { hold.Conn(t, ‹H›Conn(t)) })
	}
}
`}, {"a pool in place of another", `
var pool‹X› *sql.DB

func reopen‹X›(t *testing.T) {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		t.Fatal(err)
	}
	pool‹X› = db
	hold.DB(t, pool‹X›)
}

func Test‹X›(t *testing.T)    { reopen‹X›(t) }
func Test‹X›Too(t *testing.T) { reopen‹X›(t) }
`}, {"TestMain", `
var main‹X› *sql.DB

func TestMain(m *testing.M) {
	db, err := ‹H›Retry(‹H›URL(), ‹N›)
	if err != nil {
		panic(err)
	}
	main‹X› = db
	os.Exit(m.Run())
}

func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.DB(t, main‹X›)
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"own helper", `
const limit‹X› = ‹N›

func own‹X›(t testing.TB, more int) *pgxpool.Pool { return ‹H›Open(t, more) }

func both‹X›(t testing.TB) (a, b *pgxpool.Pool) { return own‹X›(t, limit‹X›), own‹X›(t, ‹N›) }

func Test‹X›(t *testing.T) {
	t.Parallel()
	a, b := both‹X›(t)
	hold.Pool(t, a)
	hold.Pool(t, b)
}
`}, {"a suite of its own", `
type suite‹X› struct {
	t  *testing.T
	db *sql.DB
}

func (s *suite‹X›) before() { s.db = ‹H›OpenDB(s.t, ‹H›URL(), ‹N›) }

func (s *suite‹X›) testA() { hold.DB(s.t, s.db) }

func (s *suite‹X›) testB() { hold.DB(s.t, s.db) }

func Test‹X›(t *testing.T) {
	for _, test := range []func(*suite‹X›){(*suite‹X›).testA, (*suite‹X›).testB} {
		t.Run("sub", func(t *testing.T) {
			s := &suite‹X›{t: t}
			s.before()
			test(s)
		})
	}
}
`}, {"code under test", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	s, err := ‹H›NewService(‹N›)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	hold.DB(t, s.DB())
}

func Test‹X›Leaks(t *testing.T) {
	s, err := ‹H›NewService(‹N›)
	if err != nil {
		t.Fatal(err)
	}
	hold.DB(t, s.DB())
}
`}, {"an interface", `
type opener‹X› interface {
	open(t testing.TB) *sql.DB
}

type small‹X› struct{}

func (small‹X›) open(t testing.TB) *sql.DB { return ‹H›OpenDB(t, ‹H›URL(), ‹N›) }

type large‹X› struct{ n int }

func (l large‹X›) open(t testing.TB) *sql.DB { return ‹H›OpenDB(t, ‹H›URL(), 4) }

func Test‹X›(t *testing.T) {
	for _, o := range []opener‹X›{small‹X›{}, large‹X›{3}} {
		hold.DB(t, o.open(t))
	}
}
`}, {"a function from a variable", `
var open‹X› = ‹H›Open

func Test‹X›(t *testing.T) {
	open := open‹X›
	if len(os.Args) > 0 {
		open = func(t testing.TB, n int) *pgxpool.Pool {
			hold.Pool(t, ‹H›Open(t, ‹N›))
			return ‹H›Open(t, n+1)
		}
	}
	hold.Pool(t, open(t, ‹N›))
}
`}, {"cleanup by a helper", `
func closeLater‹X›(t testing.TB, db *sql.DB) { t.Cleanup(func() { db.Close() }) }

func Test‹X›(t *testing.T) {
	t.Parallel()
	for range ‹K› {
		db, err := ‹H›Raw(‹H›URL(), ‹N›)
		if err != nil {
			t.Fatal(err)
		}
		closeLater‹X›(t, db)
		hold.DB(t, db)
	}
	t.Run("sub", func(t *testing.T) {
		t.Parallel()
		hold.Pool(t, ‹H›Open(t, ‹N›))
	})
}
`}, {"a closer", `
func closer‹X›() (*sql.DB, func()) {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		panic(err)
	}
	return db, func() { db.Close() }
}

func Test‹X›(t *testing.T) {
	db, done := closer‹X›()
	defer done()
	hold.DB(t, db)
	for range ‹K› {
		db, _ := closer‹X›()
		hold.DB(t, db)
	}
}
`}, {"closed on one way", `
func Test‹X›(t *testing.T) {
	for i := range ‹K› {
		t.Run("sub", func(t *testing.T) {
			db, err := ‹H›Raw(‹H›URL(), ‹N›)
			if err != nil {
				t.Fatal(err)
			}
			hold.DB(t, db)
			if i == 0 {
				db.Close()
			}
		})
	}
}
`}, {"a goroutine that closes", `
func Test‹X›(t *testing.T) {
	for range ‹K› {
		t.Run("sub", func(t *testing.T) {
			db := ‹H›OpenDB(t, ‹H›URL(), ‹N›)
			other, err := ‹H›Raw(‹H›URL(), ‹N›)
			if err != nil {
				t.Fatal(err)
			}
			stop := make(chan bool)
			go func() {
				<-stop
				other.Close()
			}()
			hold.DB(t, db)
			hold.DB(t, other)
		})
	}
}
`}, {"subtests that open before they are parallel", `
func Test‹X›(t *testing.T) {
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		t.Run(name, func(t *testing.T) {
			pool := ‹H›Open(t, ‹N›)
			hold.Pool(t, pool)
			t.Parallel()
			hold.Pool(t, pool)
		})
	}
}
`}, {"serial subtests of parallel tests", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) { hold.Pool(t, ‹H›Open(t, ‹N›)) })
	}
}

func Test‹X›Too(t *testing.T) {
	t.Parallel()
	hold.DB(t, ‹H›Shared(t))
	t.Run("sub", func(t *testing.T) { hold.DB(t, ‹H›OpenDB(t, os.Getenv("DATABASE_URL"), ‹N›)) })
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"one variable for two pools", `
func Test‹X›(t *testing.T) {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { db.Close() }()
	hold.DB(t, db)
	if db, err = ‹H›Raw(‹H›URL(), ‹N›); err != nil {
		t.Fatal(err)
	}
	hold.DB(t, db)
}

func Test‹X›Too(t *testing.T) { hold.Pool(t, ‹H›Open(t, 4)) }
`}, {"a pool for each name", `
var pools‹X› = map[string]*sql.DB{}

func named‹X›(t *testing.T, name string) *sql.DB {
	if db := pools‹X›[name]; db != nil {
		return db
	}
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		t.Fatal(err)
	}
	pools‹X›[name] = db
	return db
}

func Test‹X›(t *testing.T) {
	for _, name := range []string{"a", "b", "a", "c"} {
		hold.DB(t, named‹X›(t, name))
	}
}
`}, {"a configuration", `
type config‹X› struct {
	DSN      string
	MaxConns int
}

func openBy‹X›(t testing.TB, c config‹X›) *sql.DB {
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(c.MaxConns)
	t.Cleanup(func() { db.Close() })
	return db
}

func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.DB(t, openBy‹X›(t, config‹X›{‹H›URL(), ‹N›}))
	c := config‹X›{DSN: ‹H›URL()}
	c.MaxConns = ‹N›
	hold.DB(t, openBy‹X›(t, c))
}

func Test‹X›Large(t *testing.T) {
	hold.DB(t, openBy‹X›(t, config‹X›{MaxConns: 6, DSN: ‹H›URL()}))
}
`}, {"callers in a row", `
func first‹X›(t *testing.T, n int) { second‹X›(t, n, 2) }

func second‹X›(t *testing.T, n, m int) {
	hold.Pool(t, ‹H›Open(t, n))
	for range ‹K› {
		hold.DB(t, ‹H›OpenDB(t, ‹H›URL(), m))
	}
}

func Test‹X›(t *testing.T) {
	t.Run("a", func(t *testing.T) { first‹X›(t, ‹N›) })
	t.Run("b", func(t *testing.T) { first‹X›(t, 5) })
	t.Run("c", func(t *testing.T) { second‹X›(t, ‹N›, ‹N›) })
}
`}, {"methods that forward", `
type factory‹X› struct{ dsn string }

func (f factory‹X›) db(t testing.TB, n int) *sql.DB { return ‹H›OpenDB(t, f.dsn, n) }

func (f *factory‹X›) pair(t testing.TB, n int) (a, b *sql.DB) { return f.db(t, n), f.db(t, 2) }

type outer‹X› struct{ *factory‹X› }

func (o outer‹X›) both(t testing.TB, n int) (a, b *sql.DB) {
	open := o.pair
	return open(t, n)
}

func Test‹X›(t *testing.T) {
	t.Parallel()
	f := factory‹X›{‹H›URL()}
	hold.DB(t, f.db(t, ‹N›))
	a, b := (&f).pair(t, ‹N›)
	hold.DB(t, a)
	hold.DB(t, b)
}

func Test‹X›Outer(t *testing.T) {
	a, b := outer‹X›{&factory‹X›{‹H›URL()}}.both(t, 5)
	hold.DB(t, a)
	hold.DB(t, b)
}
`}, {"methods behind an interface that forward", `
type provider‹X› interface {
	pool(t testing.TB, n int) *pgxpool.Pool
}

type direct‹X› struct{}

func (direct‹X›) pool(t testing.TB, n int) *pgxpool.Pool { return ‹H›Open(t, n) }

type spare‹X› struct{ provider‹X› }

func (s spare‹X›) pool(t testing.TB, n int) *pgxpool.Pool {
	hold.Pool(t, s.provider‹X›.pool(t, n))
	return s.provider‹X›.pool(t, n)
}

func using‹X›(t testing.TB, p provider‹X›, n int) { hold.Pool(t, p.pool(t, n)) }

func Test‹X›(t *testing.T) {
	using‹X›(t, direct‹X›{}, 4)
	using‹X›(t, spare‹X›{direct‹X›{}}, ‹N›)
}
`}, {"a limit in the receiver", `
type env‹X› struct{ n int }

func (e env‹X›) open(t testing.TB) *pgxpool.Pool { return ‹H›Open(t, e.n) }

func Test‹X›(t *testing.T) {
	hold.Pool(t, env‹X›{‹N›}.open(t))
	e := &env‹X›{n: 5}
	hold.Pool(t, e.open(t))
}
`}, {"before main", `
var early‹X› *sql.DB

func init() {
	var err error
	if early‹X›, err = ‹H›Raw(‹H›URL(), ‹N›); err != nil {
		panic(err)
	}
}

func Test‹X›(t *testing.T) {
	hold.DB(t, early‹X›)
	hold.Pool(t, ‹H›Open(t, ‹N›))
}
`}, {"a connection out of its pool", `
func Test‹X›(t *testing.T) {
	pool := ‹H›Open(t, ‹N›)
	taken, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own := taken.Hijack()
	defer own.Close(context.Background())
	hold.Conn(t, own)
	hold.Pool(t, pool)
}

func Test‹X›Leaks(t *testing.T) {
	pool := ‹H›Open(t, ‹N›)
	for range ‹K› {
		taken, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		hold.Conn(t, taken.Hijack())
	}
	hold.Pool(t, pool)
}
`}, {"testpool", `
func Test‹X›(t *testing.T) {
	t.Parallel()
	hold.Pool(t, testpool.Get(t))
	t.Run("private", func(t *testing.T) { hold.Pool(t, testpool.Schema(t)) })
}
`}}

// hidden are ways to a pool by a method of an interface, a function that runs once, a field.
var hidden = []shape{{"an interface's method, once", `
type starter‹X› interface{ start() }

type lazy‹X› struct{ db *sql.DB }

func (l *lazy‹X›) start() { l.db, _ = ‹H›Raw(‹H›URL(), ‹N›) }

var (
	only‹X›           = new(lazy‹X›)
	what‹X› starter‹X› = only‹X›
	once‹X› sync.Once
)

func Test‹X›(t *testing.T) {
	once‹X›.Do(what‹X›.start)
	hold.DB(t, only‹X›.db)
}

func Test‹X›Too(t *testing.T) {
	once‹X›.Do(what‹X›.start)
	hold.DB(t, only‹X›.db)
}
`}, {"an interface's method, once, of a parameter", `
type starter‹X› interface{ start() }

type lazy‹X› struct{ db *sql.DB }

func (l *lazy‹X›) start() { l.db, _ = ‹H›Raw(‹H›URL(), ‹N›) }

type app‹X› struct {
	once sync.Once
	from starter‹X›
}

func (a *app‹X›) begin() { a.once.Do(a.from.start) }

func begin‹X›(o *sync.Once, s starter‹X›) { o.Do(s.start) }

func Test‹X›(t *testing.T) {
	var once sync.Once
	l := new(lazy‹X›)
	for range 3 {
		begin‹X›(&once, l)
	}
	hold.DB(t, l.db)
}

func Test‹X›Field(t *testing.T) {
	l := new(lazy‹X›)
	a := app‹X›{from: l}
	a.begin()
	a.begin()
	hold.DB(t, l.db)
}
`}, {"once, in several places", `
var (
	once‹X› sync.Once
	only‹X› *sql.DB
)

func open‹X›() { only‹X›, _ = ‹H›Raw(‹H›URL(), ‹N›) }

func Test‹X›(t *testing.T) {
	once‹X›.Do(open‹X›)
	hold.DB(t, only‹X›)
}

func Test‹X›Too(t *testing.T) {
	once‹X›.Do(open‹X›)
	hold.DB(t, only‹X›)
}

func Test‹X›Other(t *testing.T) {
	once‹X›.Do(func() { only‹X›, _ = ‹H›Raw(‹H›URL(), 1) })
	hold.DB(t, only‹X›)
}
`}, {"once, which is made anew", `
var (
	again‹X› sync.Once
	anew‹X›  *sql.DB
)

func Test‹X›(t *testing.T) {
	again‹X›.Do(func() { anew‹X›, _ = ‹H›Raw(‹H›URL(), ‹N›) })
	hold.DB(t, anew‹X›)
	again‹X› = sync.Once{}
	again‹X›.Do(func() { anew‹X›, _ = ‹H›Raw(‹H›URL(), ‹N›) })
	hold.DB(t, anew‹X›)
}
`}, {"once, of two functions one", `
var (
	either‹X› sync.Once
	one‹X›    *sql.DB
)

func Test‹X›(t *testing.T) {
	open := func() { one‹X›, _ = ‹H›Raw(‹H›URL(), 1) }
	if len(os.Args) > 0 {
		open = func() { one‹X›, _ = ‹H›Raw(‹H›URL(), ‹N›) }
	}
	either‹X›.Do(open)
	hold.DB(t, one‹X›)
}
`}, {"an interface's methods as subtests, goroutines, cleanups", `
type part‹X› interface {
	sub(t *testing.T)
	dial()
}

type own‹X› struct{ n int }

func (o own‹X›) sub(t *testing.T) { hold.DB(t, ‹H›OpenDB(t, ‹H›URL(), ‹N›)) }

func (o own‹X›) dial() {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	if err != nil {
		panic(err)
	}
	defer db.Close()
	db.Ping()
}

func parts‹X›() []part‹X› { return []part‹X›{own‹X›{1}, own‹X›{2}} }

func Test‹X›(t *testing.T) {
	for _, p := range parts‹X›() {
		t.Run("sub", p.sub)
		t.Cleanup(p.dial)
	}
	var group sync.WaitGroup
	p := parts‹X›()[0]
	group.Add(1)
	go func() {
		defer group.Done()
		p.dial()
	}()
	group.Go(p.dial)
	group.Wait()
	later := p.dial
	later()
}
`}, {"a generic type behind an interface", `
type begins‹X› interface{ begin() }

type of‹X›[T any] struct{ db *sql.DB }

func (o *of‹X›[T]) begin() { o.db, _ = ‹H›Raw(‹H›URL(), ‹N›) }

func Test‹X›(t *testing.T) {
	o := new(of‹X›[int])
	var b begins‹X› = o
	b.begin()
	hold.DB(t, o.db)
}
`}, {"once, by a function with a parameter", `
func opener‹X›(n int) func() (*sql.DB, error) {
	return sync.OnceValues(func() (*sql.DB, error) { return ‹H›Raw(‹H›URL(), n) })
}

var small‹X›, large‹X› = opener‹X›(‹N›), opener‹X›(4)

func Test‹X›(t *testing.T) {
	for _, get := range []func() (*sql.DB, error){small‹X›, large‹X›, small‹X›} {
		db, err := get()
		if err != nil {
			t.Fatal(err)
		}
		hold.DB(t, db)
	}
}

func Test‹X›Own(t *testing.T) {
	get := opener‹X›(‹N›)
	for range 2 {
		db, err := get()
		if err != nil {
			t.Fatal(err)
		}
		hold.DB(t, db)
	}
}
`}, {"once, in a field", `
type holder‹X› struct{ get func() *sql.DB }

func newHolder‹X›(n int) *holder‹X› {
	return &holder‹X›{get: sync.OnceValue(func() *sql.DB {
		db, err := ‹H›Raw(‹H›URL(), n)
		if err != nil {
			panic(err)
		}
		return db
	})}
}

var the‹X› = newHolder‹X›(‹N›)

func Test‹X›(t *testing.T)    { hold.DB(t, the‹X›.get()) }
func Test‹X›Too(t *testing.T) { hold.DB(t, the‹X›.get()) }
`}, {"a limit in a field of any name", `
type maker‹X› struct{ size int }

func newMaker‹X›(n int) *maker‹X› { return &maker‹X›{size: n} }

func (m *maker‹X›) grown(n int) *maker‹X› {
	m.size = n
	return m
}

func (m *maker‹X›) open(t testing.TB) *sql.DB { return ‹H›OpenDB(t, ‹H›URL(), m.size) }

var global‹X› = maker‹X›{size: ‹N›}

func Test‹X›(t *testing.T) { hold.DB(t, newMaker‹X›(‹N›).open(t)) }

func Test‹X›Literal(t *testing.T) {
	m := maker‹X›{size: ‹N›}
	hold.DB(t, m.open(t))
}

func Test‹X›Grown(t *testing.T)  { hold.DB(t, newMaker‹X›(1).grown(4).open(t)) }
func Test‹X›Global(t *testing.T) { hold.DB(t, global‹X›.open(t)) }
`}, {"a limit in a field of a parameter", `
type sizes‹X› struct{ few, many int }

func openBy‹X›(t testing.TB, s sizes‹X›) (a, b *sql.DB) {
	return ‹H›OpenDB(t, ‹H›URL(), s.few), ‹H›OpenDB(t, ‹H›URL(), s.many)
}

func Test‹X›(t *testing.T) {
	a, b := openBy‹X›(t, sizes‹X›{few: ‹N›, many: 4})
	hold.DB(t, a)
	hold.DB(t, b)
}
`}}

// boundless are shapes without a bound.
var boundless = []shape{{"loop without a number", `
func Test‹X›(t *testing.T) {
	n := 1 + len(os.Getenv("DATABASE_URL"))%4
	for range n {
		hold.Pool(t, ‹H›Open(t, ‹N›))
	}
}
`}, {"no limit", `
func Test‹X›(t *testing.T) {
	db, err := sql.Open("pgx", ‹H›URL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	hold.DB(t, db)
}
`}, {"hidden limit", `
func Test‹X›(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("NO_SUCH_LIMIT"))
	if err != nil {
		n = ‹N›
	}
	hold.Pool(t, ‹H›Open(t, n+1))
}
`}, {"limit by condition", `
func Test‹X›(t *testing.T) {
	db, err := sql.Open("pgx", ‹H›URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if testing.Short() {
		db.SetMaxOpenConns(‹N›)
	}
	hold.DB(t, db)
}
`}, {"limit that grows", `
func Test‹X›(t *testing.T) {
	n := ‹N›
	for range 2 {
		n++
	}
	hold.Pool(t, ‹H›Open(t, n))
}
`}, {"a function that calls itself", `
func again‹X›(t *testing.T, n int) {
	hold.Pool(t, ‹H›Open(t, ‹N›))
	if n > 0 {
		again‹X›(t, n-1)
	}
}

func Test‹X›(t *testing.T) { again‹X›(t, 2) }
`}, {"subtests of any number that leak", `
func Test‹X›(t *testing.T) {
	for range len(os.Getenv("DATABASE_URL")) % 4 {
		t.Run("sub", func(t *testing.T) {
			db, err := ‹H›Raw(‹H›URL(), ‹N›)
			if err != nil {
				t.Fatal(err)
			}
			hold.DB(t, db)
		})
	}
	hold.DB(t, ‹H›Shared(t))
}
`}}
