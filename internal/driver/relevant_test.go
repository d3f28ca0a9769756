package driver

import "testing"

func TestHasSQL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"const q = `SELECT 1`":                     true,
		"q += \" WHERE id = $1\"":                  true,
		"q += \" and id = $1\"":                    true,
		"q += `\n\torder by id`":                   true,
		"// this and that":                         false,
		"const SELECTED, FROMAGE = 1, 2":           false,
		"x.SELECTOR(); y.FROM()":                   true, // it may be a builder
		"fmt.Sprintf(\"%s and %s\", a, b)":         false,
		"ID int `json:\"id\" gorm:\"primaryKey\"`": true,
		"func (User) TableName() string {":         true,
		"":                                         false,
		"and ":                                     false,
		"LIMIT":                                    true,
		"MAXLIMIT LIMITS":                          false,
		"MAXLIMIT, LIMITS, and LIMIT, then":        true,
	} {
		if got := hasSQL([]byte(text)); got != want {
			t.Errorf("hasSQL(%q) = %v", text, got)
		}
	}
}

func TestTakesValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"func Quiet(c io.Closer) {":                                      true,
		"func Must[T any](v T, err error) T {":                           true,
		"func (s *Set[K]) Len() int {":                                   false,
		"func Do(name string, fn func() error) error {":                  true,
		"func (s *Server) Handle(f func()) {":                            true,
		"func Names(ids []string) []string {":                            false,
		"func lines(text string) int { return strings.Count(text, ``) }": false,
		"func Sorted(m map[string]int) []string { sort.Slice(x, func(":   false,
		"type closer interface {\n\tClose() error\n}":                    true,
		"func Quiet(c interface{ Close() error }) {":                     true,
		"func (c *cache) Close() error { return c.store.Close() }":       true,
		"func end(code int) {\n\tos.Exit(code)\n}":                       true,
		"func check(t testing.TB, err error) {\n\tt.Fatal(err)\n}":       true,
		"\tt.Cleanup(stop)":                                              true,
		"type ID string":                                                 false,
		"":                                                               false,
	} {
		if got := takesValues([]byte(text)); got != want {
			t.Errorf("takesValues(%q) = %v", text, got)
		}
	}
}

func TestMatters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"type Query struct {\n\ttext strings.Builder\n}": true,
		"func (q *Query) To(b *bytes.Buffer) {":          true,
		"func Names(ids []string) []string {":            false,
	} {
		if got := matters([]byte(text)); got != want {
			t.Errorf("matters(%q) = %v", text, got)
		}
	}
}
