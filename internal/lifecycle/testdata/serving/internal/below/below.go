package below

import (
	"database/sql"
	"os"
)

func Prepare() { // want Prepare:"." testcode:"yes"
	db, _ := sql.Open("postgres", os.Getenv("DSN")) // want site:"."
	db.Exec("ANALYZE")
}
