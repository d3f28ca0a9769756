package service

import (
	"context"
	"database/sql"
)

// A Sweeper has a method that interfaces of other modules may ask for, and is never made.
type Sweeper struct{ db *sql.DB }

func NewSweeper(db *sql.DB) *Sweeper { return &Sweeper{db: db} }

func (s *Sweeper) Run(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "UPDATE invoices SET total = 0") // want info:"is called by nobody"
	return err
}

// A Runner is made by the program.
type Runner struct{ db *sql.DB }

func NewRunner(db *sql.DB) *Runner { return &Runner{db: db} }

func (r *Runner) Run(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, "UPDATE invoices SET total = 1") // want "update on .invoices. is not limited to a tenant"
	return err
}

// A Worker may be made by others, as nothing in it is private.
type Worker struct{ DB *sql.DB }

func NewWorker(db *sql.DB) *Worker { return &Worker{DB: db} }

func (w *Worker) Run(ctx context.Context) error {
	_, err := w.DB.ExecContext(ctx, "UPDATE invoices SET total = 2") // want "update on .invoices. is not limited to a tenant"
	return err
}

// A Cleaner stands in a variable.
type Cleaner struct{ db *sql.DB }

var Clean Cleaner

func NewCleaner(db *sql.DB) *Cleaner { return &Cleaner{db: db} }

func (c *Cleaner) Run(ctx context.Context) error {
	_, err := c.db.ExecContext(ctx, "UPDATE invoices SET total = 3") // want "update on .invoices. is not limited to a tenant"
	return err
}

// A Filler is of use as it is: another package makes one without NewFiller.
type Filler struct{ db *sql.DB }

func NewFiller(db *sql.DB) *Filler { return &Filler{db: db} }

func (f *Filler) Run(ctx context.Context) error {
	_, err := f.db.ExecContext(ctx, "UPDATE invoices SET total = 4") // want "update on .invoices. is not limited to a tenant"
	return err
}

// A Zero is made by new.
type Zero struct{ db *sql.DB }

func NewZero(db *sql.DB) *Zero { return &Zero{db: db} }

func (z *Zero) Run(ctx context.Context) error {
	_, err := z.db.ExecContext(ctx, "UPDATE invoices SET total = 5") // want "update on .invoices. is not limited to a tenant"
	return err
}

// A Pointed is only pointed to.
type Pointed struct{ db *sql.DB }

func NewPointed(db *sql.DB) *Pointed { return &Pointed{db: db} }

func (p *Pointed) Run(ctx context.Context) error {
	_, err := p.db.ExecContext(ctx, "UPDATE invoices SET total = 6") // want info:"is called by nobody"
	return err
}
