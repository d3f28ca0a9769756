package main

import (
	"database/sql"
	"os"

	"example.com/serving/internal/store"
	"example.com/serving/internal/testkit"
)

func main() {
	store.Open(os.Getenv("DSN")) // want helper:"."
	testkit.Open(os.Getenv("DSN"))
	open()
}

func open() (*sql.DB, error) { return sql.Open("postgres", os.Getenv("DSN")) } // want open:"." helper:"."
