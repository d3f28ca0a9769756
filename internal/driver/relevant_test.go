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
