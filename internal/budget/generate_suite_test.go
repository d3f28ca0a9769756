package budget

import "strings"

// A framework is a library that suites of tests are written with: what it imports is imported
// where its code is used.
type framework struct{ used, imported string }

var frameworks = []framework{
	{"testpool.", `"github.com/poollint/poollint/testpool"`},
	{"suite.", `"github.com/stretchr/testify/suite"`},
	{"ginkgo.", `"github.com/onsi/ginkgo/v2"`},
}

// withFrameworks imports the frameworks that the code of a file uses.
func withFrameworks(text string) string {
	for _, f := range frameworks {
		if strings.Contains(text, f.used) {
			text = strings.Replace(text, "import (", "import (\n\t"+f.imported+"\n", 1)
		}
	}
	return text
}

// oncePerBinary is what a test binary may have once.
var oncePerBinary = []string{"func TestMain(", "ginkgo.BeforeSuite("}

// fits reports whether a shape may stand beside other tests.
func (s shape) fits(tests string) bool {
	for _, once := range oncePerBinary {
		if strings.Contains(s.code, once) && strings.Contains(tests, once) {
			return false
		}
	}
	return true
}

// testifySuites are suites of testify's.
var testifySuites = []shape{{"a suite with a pool for all", `
type ‹X›Suite struct {
	suite.Suite
	db *sql.DB
}

func (s *‹X›Suite) SetupSuite() {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	s.Require().NoError(err)
	s.db = db
}

func (s *‹X›Suite) TearDownSuite() { s.NoError(s.db.Close()) }

func (s *‹X›Suite) TestA() { hold.DB(s.T(), s.db) }

func (s *‹X›Suite) TestB() {
	hold.DB(s.T(), s.db)
	hold.Pool(s.T(), ‹H›Open(s.T(), ‹N›))
}

func Test‹X›(t *testing.T) { suite.Run(t, new(‹X›Suite)) }
`}, {"a suite with a pool for each test", `
type ‹X›Suite struct {
	suite.Suite
	db   *sql.DB
	pool *pgxpool.Pool
}

func (s *‹X›Suite) SetupTest() {
	var err error
	s.db, err = ‹H›Retry(‹H›URL(), ‹N›)
	s.Require().NoError(err)
	s.pool = ‹H›Open(s.T(), ‹N›)
}

func (s *‹X›Suite) TearDownTest() { s.db.Close() }

func (s *‹X›Suite) TestA() {
	hold.DB(s.T(), s.db)
	hold.Pool(s.T(), s.pool)
}

func (s *‹X›Suite) TestB() {
	for range ‹K› {
		s.Run("sub", func() { hold.Pool(s.T(), ‹H›Open(s.T(), ‹N›)) })
	}
	hold.DB(s.T(), s.db)
}

func Test‹X›(t *testing.T) { suite.Run(t, &‹X›Suite{}) }
`}, {"a suite that closes nothing", `
type ‹X›Suite struct {
	suite.Suite
	db *sql.DB
}

func (s *‹X›Suite) SetupTest() {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	s.Require().NoError(err)
	s.db = db
}

func (s *‹X›Suite) TestA() { hold.DB(s.T(), s.db) }
func (s *‹X›Suite) TestB() { hold.DB(s.T(), s.db) }
func (s *‹X›Suite) TestC() { hold.DB(s.T(), s.db) }

func Test‹X›(t *testing.T) { suite.Run(t, new(‹X›Suite)) }
`}, {"a suite of an embedded base", `
type ‹X›Base struct {
	suite.Suite
	pool *pgxpool.Pool
}

func (s *‹X›Base) SetupTest() { s.pool = ‹H›Open(s.T(), ‹N›) }

type ‹X›Suite struct{ ‹X›Base }

func (s *‹X›Suite) SetupSuite() { hold.Pool(s.T(), ‹H›Open(s.T(), ‹N›)) }

func (s *‹X›Suite) TestA() { hold.Pool(s.T(), s.pool) }

func (s *‹X›Suite) TestB() {
	hold.Pool(s.T(), s.pool)
	hold.DB(s.T(), ‹H›OpenDB(s.T(), ‹H›URL(), ‹N›))
}

func Test‹X›(t *testing.T) { suite.Run(t, new(‹X›Suite)) }
`}, {"suites in parallel", `
type ‹X›Suite struct {
	suite.Suite
	n  int
	db *sql.DB
}

func (s *‹X›Suite) SetupSuite() {
	db, err := ‹H›Raw(‹H›URL(), ‹N›)
	s.Require().NoError(err)
	s.db = db
}

func (s *‹X›Suite) TearDownSuite() { s.db.Close() }

func (s *‹X›Suite) TestA() { hold.DB(s.T(), s.db) }

func Test‹X›(t *testing.T) {
	t.Parallel()
	suite.Run(t, new(‹X›Suite))
}

func Test‹X›Too(t *testing.T) {
	t.Parallel()
	suite.Run(t, &‹X›Suite{n: 2})
}

func Test‹X›Both(t *testing.T) {
	for range ‹K› {
		suite.Run(t, new(‹X›Suite))
	}
}
`}, {"a suite with hooks of subtests", `
type ‹X›Suite struct {
	suite.Suite
	db *sql.DB
}

func (s *‹X›Suite) SetupSubTest() {
	var err error
	s.db, err = ‹H›Raw(‹H›URL(), ‹N›)
	s.Require().NoError(err)
}

func (s *‹X›Suite) TearDownSubTest() { s.db.Close() }

func (s *‹X›Suite) BeforeTest(suiteName, testName string) { hold.Pool(s.T(), ‹H›Open(s.T(), ‹N›)) }

func (s *‹X›Suite) TestA() {
	for _, name := range []string{"a", "b"} {
		s.Run(name, func() { hold.DB(s.T(), s.db) })
	}
}

func Test‹X›(t *testing.T) { suite.Run(t, new(‹X›Suite)) }
`}}

// specs are suites of ginkgo's. One of the shapes of a binary runs them all.
var specs = []shape{{"specs with a pool for each", `
var _ = ginkgo.Describe("‹X›", func() {
	var db *sql.DB
	ginkgo.BeforeEach(func() {
		var err error
		if db, err = ‹H›Raw(‹H›URL(), ‹N›); err != nil {
			ginkgo.Fail(err.Error())
		}
	})
	ginkgo.AfterEach(func() { db.Close() })
	ginkgo.It("a", func() { hold.DB(ginkgo.GinkgoTB(), db) })
	ginkgo.Context("inside", func() {
		var pool *pgxpool.Pool
		ginkgo.JustBeforeEach(func() { pool = ‹H›Open(ginkgo.GinkgoTB(), ‹N›) })
		ginkgo.It("b", func() {
			hold.DB(ginkgo.GinkgoTB(), db)
			hold.Pool(ginkgo.GinkgoTB(), pool)
		})
	})
})
`}, {"specs that put off the end", `
var _ = ginkgo.Describe("‹X›", func() {
	ginkgo.It("a", func() {
		db, err := ‹H›Raw(‹H›URL(), ‹N›)
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		ginkgo.DeferCleanup(db.Close)
		hold.DB(ginkgo.GinkgoTB(), db)
	})
	ginkgo.It("b", func() {
		db, err := ‹H›Retry(‹H›URL(), ‹N›)
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		ginkgo.DeferCleanup(func() { db.Close() })
		hold.DB(ginkgo.GinkgoTB(), db)
	})
	ginkgo.It("leaks", func() {
		db, err := ‹H›Raw(‹H›URL(), ‹N›)
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		hold.DB(ginkgo.GinkgoTB(), db)
	})
})
`}, {"a table of specs", `
var _ = ginkgo.Describe("‹X›", func() {
	ginkgo.DescribeTable("each", func(n int) {
		db, err := ‹H›Raw(‹H›URL(), ‹N›)
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		defer db.Close()
		hold.DB(ginkgo.GinkgoTB(), db)
	}, ginkgo.Entry("one", 1), ginkgo.Entry("two", 2))
})
`}, {"ordered specs with a pool for all", `
var _ = ginkgo.Describe("‹X›", ginkgo.Ordered, func() {
	var db *sql.DB
	ginkgo.BeforeAll(func() {
		var err error
		if db, err = ‹H›Raw(‹H›URL(), ‹N›); err != nil {
			ginkgo.Fail(err.Error())
		}
	})
	ginkgo.AfterAll(func() { db.Close() })
	for range ‹K› {
		ginkgo.It("a", func() { hold.DB(ginkgo.GinkgoTB(), db) })
	}
})
`}, {"a pool for all specs", `
var suite‹X› *sql.DB

var _ = ginkgo.BeforeSuite(func() {
	var err error
	if suite‹X›, err = ‹H›Raw(‹H›URL(), ‹N›); err != nil {
		ginkgo.Fail(err.Error())
	}
})

var _ = ginkgo.AfterSuite(func() { suite‹X›.Close() })

var _ = ginkgo.Describe("‹X›", func() {
	ginkgo.It("a", func() {
		hold.DB(ginkgo.GinkgoTB(), suite‹X›)
		hold.Pool(ginkgo.GinkgoTB(), ‹H›Open(ginkgo.GinkgoTB(), ‹N›))
	})
})
`}, {"specs in a function", `
func specs‹X›(n int) {
	ginkgo.It("a", func() { hold.DB(ginkgo.GinkgoTB(), ‹H›OpenDB(ginkgo.GinkgoTB(), ‹H›URL(), n)) })
}

var _ = ginkgo.Describe("‹X›", func() {
	specs‹X›(‹N›)
	ginkgo.When("larger", func() { specs‹X›(5) })
})
`}, {"specs in a function, declared again", `
func leaking‹X›(n int) {
	ginkgo.It("leaks", func() {
		db, err := ‹H›Raw(‹H›URL(), n)
		if err != nil {
			panic(err)
		}
		hold.DB(ginkgo.GinkgoTB(), db)
	})
}

var _ = ginkgo.Describe("‹X›", func() {
	leaking‹X›(‹N›)
	ginkgo.When("again", func() { leaking‹X›(‹N›) })
})
`}, {"specs in a loop", `
var _ = ginkgo.Describe("‹X›", func() {
	for _, name := range []string{"a", "b", "c"} {
		ginkgo.It(name, func() {
			db, err := ‹H›Raw(‹H›URL(), ‹N›)
			if err != nil {
				panic(err)
			}
			hold.DB(ginkgo.GinkgoTB(), db)
		})
	}
})
`}}

// running is what a binary with specs has besides.
const running = `
func TestSpecs(t *testing.T) {
	ginkgo.RunSpecs(t, "specs")
}
`
