// Package parents changes rows whose parents it has loaded for the tenant, and rows that helpers
// load which answer with a flag, that a context holds, or that a generated query returns.
package parents

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.test/shop/parents/queries"
)

type service struct {
	db *pgxpool.Pool
	q  *queries.Queries
}

type held struct{}

var errNone = errors.New("none")

func (s *service) log(error) {}

func (s *service) line(ctx context.Context, tenant, id string) (queries.Line, error) {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return queries.Line{}, err
	}
	if _, err := s.q.GetInvoice(ctx, line.InvoiceID, tenant); err != nil {
		return queries.Line{}, err
	}
	return line, nil
}

func (s *service) invoice(ctx context.Context, tenant, id string) (queries.Invoice, bool) {
	inv, err := s.q.GetInvoice(ctx, id, tenant)
	if err != nil {
		s.log(err)
		return queries.Invoice{}, false
	}
	return inv, true
}

// maybe says yes whatever it finds.
func (s *service) maybe(ctx context.Context, tenant, id string) (queries.Invoice, bool) {
	inv, err := s.q.GetInvoice(ctx, id, tenant)
	if err != nil {
		s.log(err)
	}
	return inv, true
}

func (s *service) withTx(ctx context.Context, do func(*queries.Queries) error) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := do(s.q.WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *service) with(ctx context.Context, do func(*queries.Queries) error) error { return do(s.q) }

func (s *service) loadsParent(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.q.GetInvoice(ctx, line.InvoiceID, tenant); err != nil {
		return err
	}
	return s.q.LoadsParent(ctx, line.ID)
}

func (s *service) parentFails(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.q.GetInvoice(ctx, line.InvoiceID, tenant); err != nil {
		s.log(err)
	}
	return s.q.ParentFails(ctx, line.ID)
}

func (s *service) anybodysParent(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.q.FindInvoice(ctx, line.InvoiceID); err != nil {
		return err
	}
	return s.q.AnybodysParent(ctx, line.ID)
}

func (s *service) anotherParent(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.q.GetInvoice(ctx, invoice, tenant); err != nil {
		return err
	}
	return s.q.AnotherParent(ctx, line.ID)
}

func (s *service) notTheKey(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if _, err := s.q.GetInvoice(ctx, line.Sku, tenant); err != nil {
		return err
	}
	return s.q.NotTheKey(ctx, line.ID)
}

func (s *service) comparesParent(ctx context.Context, tenant, invoice, id string) error {
	inv, err := s.q.GetInvoice(ctx, invoice, tenant)
	if err != nil {
		return err
	}
	line, err := s.q.GetLine(ctx, id)
	if err != nil {
		return err
	}
	if line.InvoiceID != inv.ID {
		return errNone
	}
	return s.q.ComparesParent(ctx, id)
}

func (s *service) comparesGiven(ctx context.Context, tenant, invoice, id string) error {
	if _, err := s.q.GetInvoice(ctx, invoice, tenant); err != nil {
		return err
	}
	line, err := s.q.GetLine(ctx, id)
	if err != nil || line.InvoiceID != invoice {
		return errNone
	}
	return s.q.ComparesGiven(ctx, line.ID)
}

func (s *service) comparesAnybodys(ctx context.Context, tenant, invoice, id string) error {
	inv, err := s.q.FindInvoice(ctx, invoice)
	if err != nil {
		return err
	}
	line, err := s.q.GetLine(ctx, id)
	if err != nil || line.InvoiceID != inv.ID {
		return errNone
	}
	return s.q.ComparesAnybodys(ctx, line.ID)
}

func (s *service) parentOfHelper(ctx context.Context, tenant, invoice, id string) error {
	line, err := s.line(ctx, tenant, id)
	if err != nil {
		return err
	}
	return s.q.ParentOfHelper(ctx, line.ID)
}

func (s *service) withFlag(ctx context.Context, tenant, invoice, id string) error {
	inv, ok := s.invoice(ctx, tenant, invoice)
	if !ok {
		return errNone
	}
	return s.q.WithFlag(ctx, inv.ID)
}

func (s *service) flagOfGiven(ctx context.Context, tenant, invoice, id string) error {
	if _, ok := s.invoice(ctx, tenant, invoice); !ok {
		return errNone
	}
	return s.q.FlagOfGiven(ctx, invoice)
}

func (s *service) flagDropped(ctx context.Context, tenant, invoice, id string) error {
	_, _ = s.invoice(ctx, tenant, invoice)
	return s.q.FlagDropped(ctx, invoice)
}

func (s *service) flagAlways(ctx context.Context, tenant, invoice, id string) error {
	if _, ok := s.maybe(ctx, tenant, invoice); !ok {
		return errNone
	}
	return s.q.FlagAlways(ctx, invoice)
}

func (s *service) fromContext(ctx context.Context, tenant, invoice, id string) error {
	inv := ctx.Value(held{}).(queries.Invoice)
	return s.q.FromContext(ctx, inv.ID)
}

func (s *service) notTheRow(ctx context.Context, tenant, invoice, id string) error {
	invoice = ctx.Value(held{}).(string)
	return s.q.NotTheRow(ctx, invoice)
}

func (s *service) inTx(ctx context.Context, tenant, id string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	owner, err := s.q.WithTx(tx).InTx(ctx, id)
	if err != nil {
		return err
	}
	if owner != tenant {
		return errNone
	}
	return tx.Commit(ctx)
}

func (s *service) inTxVariable(ctx context.Context, tenant, id string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	q := s.q.WithTx(tx)
	owner, err := q.InTxVariable(ctx, id)
	if err != nil {
		return err
	}
	if owner != tenant {
		return errNone
	}
	return tx.Commit(ctx)
}

func (s *service) inRunner(ctx context.Context, tenant, id string) error {
	return s.withTx(ctx, func(q *queries.Queries) error {
		owner, err := q.InRunner(ctx, id)
		if err != nil {
			return err
		}
		if owner != tenant {
			return errNone
		}
		return nil
	})
}

func (s *service) inNoRunner(ctx context.Context, tenant, id string) error {
	return s.with(ctx, func(q *queries.Queries) error {
		owner, err := q.InNoRunner(ctx, id)
		if err != nil {
			return err
		}
		if owner != tenant {
			return errNone
		}
		return nil
	})
}

func (s *service) besidesTx(ctx context.Context, tenant, id string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	owner, err := s.q.BesidesTx(ctx, id)
	if err != nil {
		return err
	}
	if owner != tenant {
		return errNone
	}
	return tx.Commit(ctx)
}
