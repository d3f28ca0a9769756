package fixes

import (
	"os"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

func TestGORM(t *testing.T) {
	db, err := gorm.Open(postgres.Open(os.Getenv("TEST_DATABASE_URL"))) // want `the pool of gorm.Open is never closed; add t.Cleanup`
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Exec("SELECT 1")
}

func TestAgain(t *testing.T) {
	db, err := gorm.Open(postgres.Open(os.Getenv("TEST_DATABASE_URL"))) // want `the pool of gorm.Open is never closed; db takes another one; let go of this one before that`
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Exec("SELECT 1")
	db, err = gorm.Open(postgres.Open(os.Getenv("OTHER_DATABASE_URL"))) // want `the pool of gorm.Open is never closed; register its release with t.Cleanup`
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Exec("SELECT 1")
}
