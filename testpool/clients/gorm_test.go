package clients_test

import (
	"database/sql"
	"errors"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/poollint/poollint/testpool"
)

// openGORM has GORM use what testpool has opened. It opens nothing, so there is nothing to close.
func openGORM(t *testing.T, db *sql.DB) *gorm.DB {
	t.Helper()
	orm, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: logger.Discard, TranslateError: true})
	if err != nil {
		t.Fatal(err)
	}
	return orm.WithContext(t.Context())
}

type gormOrder struct {
	ID     int64
	Number string
	Total  int64
}

func (gormOrder) TableName() string { return "orders" }

func TestGORM(t *testing.T) {
	t.Parallel()
	for name, open := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orm, number := openGORM(t, open(t)), testpool.Slug(t)

			err := orm.Transaction(func(tx *gorm.DB) error {
				return tx.Create(&gormOrder{Number: number, Total: 7}).Error
			})
			if err != nil {
				t.Fatal(err)
			}

			err = orm.Create(&gormOrder{Number: number, Total: 8}).Error
			if !errors.Is(err, gorm.ErrDuplicatedKey) {
				t.Errorf("a number is used twice: %v", err)
			}
			var order gormOrder
			if err := orm.First(&order, "number = ?", number).Error; err != nil || order.Total != 7 {
				t.Errorf("order %+v: %v", order, err)
			}
		})
	}
}
