package changed

import (
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
)

// What is changed after it was made cannot go where the pool is opened: not by a method …
func byMethod(t *testing.T) *sql.DB {
	query := url.Values{}
	query.Set("sslmode", "disable")
	db, err := sql.Open("postgres", os.Getenv("DSN")+"?"+query.Encode()) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestByMethod(t *testing.T)      { _ = byMethod(t).Ping() }
func TestByMethodAgain(t *testing.T) { _ = byMethod(t).Ping() }

type address struct{ host, name string }

func (a *address) at(host string) { a.host = host }

func (a address) text() string { return "host=" + a.host + " dbname=" + a.name }

// … nor by one that takes its address, …
func byPointerMethod(t *testing.T) *sql.DB {
	where := address{name: "shop"}
	where.at("localhost")
	db, err := sql.Open("postgres", where.text()) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestByPointerMethod(t *testing.T)      { _ = byPointerMethod(t).Ping() }
func TestByPointerMethodAgain(t *testing.T) { _ = byPointerMethod(t).Ping() }

func fill(options map[string]string) { options["sslmode"] = "disable" }

// … nor by a function that it is given to, …
func byFunction(t *testing.T) *sql.DB {
	options := map[string]string{}
	fill(options)
	db, err := sql.Open("postgres", os.Getenv("DSN")+"?sslmode="+options["sslmode"]) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestByFunction(t *testing.T)      { _ = byFunction(t).Ping() }
func TestByFunctionAgain(t *testing.T) { _ = byFunction(t).Ping() }

// … nor through another variable, …
func byAlias(t *testing.T) *sql.DB {
	words := []string{"host=localhost", ""}
	other := words
	other[1] = "sslmode=disable"
	db, err := sql.Open("postgres", strings.Join(words, " ")) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestByAlias(t *testing.T)      { _ = byAlias(t).Ping() }
func TestByAliasAgain(t *testing.T) { _ = byAlias(t).Ping() }

// … nor by an assignment to a part.
func byPart(t *testing.T) *sql.DB {
	options := map[string]string{}
	options["sslmode"] = "disable"
	db, err := sql.Open("postgres", os.Getenv("DSN")+"?sslmode="+options["sslmode"]) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestByPart(t *testing.T)      { _ = byPart(t).Ping() }
func TestByPartAgain(t *testing.T) { _ = byPart(t).Ping() }

// What is only read goes there.
func onlyRead(t *testing.T) *sql.DB {
	where := address{name: "shop", host: "localhost"}
	db, err := sql.Open("postgres", "host="+where.host+" dbname="+where.name) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestOnlyRead(t *testing.T)      { _ = onlyRead(t).Ping() }
func TestOnlyReadAgain(t *testing.T) { _ = onlyRead(t).Ping() }

func usedOnce(t *testing.T) *sql.DB {
	words := []string{"host=localhost", "sslmode=disable"}
	db, err := sql.Open("postgres", strings.Join(words, " ")) // want `for each of 2 tests`
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestUsedOnce(t *testing.T)      { _ = usedOnce(t).Ping() }
func TestUsedOnceAgain(t *testing.T) { _ = usedOnce(t).Ping() }
