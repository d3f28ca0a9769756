package typed

import "testing"

func TestOne(t *testing.T) {
	db, _ := new(TestContainer).Connect()
	db.Close()
}

func TestTwo(t *testing.T) {
	db, _ := new(TestContainer).Connect()
	db.Close()
}

func TestThree(t *testing.T) {
	db, _ := new(Tester).Connect() // want `Tester\.Connect opens a pool \(sql\.Open\) for this test alone`
	db.Close()
}
