package example

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/lib/pq"
)

func Example() {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	defer db.Close()
	fmt.Println(db.Ping())
}

func ExampleOpen() {
	db, _ := sql.Open("postgres", os.Getenv("DSN"))
	defer db.Close()
}
