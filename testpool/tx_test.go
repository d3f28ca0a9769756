package testpool

import "testing"

func TestTxIsRolledBack(t *testing.T) {
	t.Parallel()
	conn := connect(t, serverURL(t))
	if _, err := conn.Exec(t.Context(), "drop table if exists tx_notes; create table tx_notes (note text)"); err != nil {
		t.Fatal(err)
	}
	f := (&fakeT{name: "TestNotes"}).run(func(f testing.TB) {
		if _, err := Tx(f).Exec(t.Context(), "insert into tx_notes values ('mine')"); err != nil {
			f.Fatal(err)
		}
	})
	if f.text() != "" {
		t.Error(f.text())
	}
	var notes int
	if err := conn.QueryRow(t.Context(), "select count(*) from tx_notes").Scan(&notes); err != nil {
		t.Fatal(err)
	}
	if notes != 0 {
		t.Errorf("%d notes are left", notes)
	}
}

func TestTxThatIsCommittedFailsTheTest(t *testing.T) {
	t.Parallel()
	serverURL(t)
	f := (&fakeT{name: "TestNotes"}).run(func(f testing.TB) {
		if err := Tx(f).Commit(t.Context()); err != nil {
			f.Fatal(err)
		}
	})
	mustContain(t, f.text(), "has ended the transaction of testpool.Tx")
}
