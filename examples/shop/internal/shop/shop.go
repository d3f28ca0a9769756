// Package shop is the service: tenants sell products to their customers.
package shop

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/poollint/poollint/examples/shop/internal/store"
)

// Errors that callers tell apart.
var (
	ErrNoTenant     = errors.New("no such tenant")
	ErrNoProduct    = errors.New("no such product")
	ErrNoOrder      = errors.New("no such open order")
	ErrOutOfStock   = errors.New("out of stock")
	ErrEmptyBasket  = errors.New("the basket is empty")
	ErrInvalidState = errors.New("no such state")
)

// A Shop serves all tenants from one pool.
type Shop struct {
	db *pgxpool.Pool
	*store.Queries
}

// New returns a service on a pool that the caller closes.
func New(db *pgxpool.Pool) *Shop { return &Shop{db: db, Queries: store.New(db)} }

// Tenant returns the tenant of a slug.
func (s *Shop) Tenant(ctx context.Context, slug string) (store.Tenant, error) {
	tenant, err := s.TenantBySlug(ctx, slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return tenant, fmt.Errorf("%w: %s", ErrNoTenant, slug)
	}
	return tenant, err
}

// A Basket is what a customer wants to buy.
type Basket struct {
	Email string `json:"email"`
	Name  string `json:"name"`
	Items []Item `json:"items"`
}

// An Item is a number of one product.
type Item struct {
	SKU      string `json:"sku"`
	Quantity int32  `json:"quantity"`
}

// PlaceOrder sells a basket, or nothing of it, and returns the order's id.
func (s *Shop) PlaceOrder(ctx context.Context, tenant int64, basket Basket) (order int64, err error) {
	if len(basket.Items) == 0 {
		return 0, ErrEmptyBasket
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		q := s.Queries.WithTx(tx)
		customer, err := q.UpsertCustomer(ctx, store.UpsertCustomerParams{TenantID: tenant, Email: basket.Email, Name: basket.Name})
		if err != nil {
			return err
		}
		placed, err := q.CreateOrder(ctx, store.CreateOrderParams{TenantID: tenant, CustomerID: customer.ID})
		if err != nil {
			return err
		}
		order = placed.ID
		for _, item := range basket.Items {
			if err := sell(ctx, q, tenant, order, item); err != nil {
				return err
			}
		}
		return nil
	})
	return order, err
}

// sell takes one item from the stock and adds it to the order.
func sell(ctx context.Context, q *store.Queries, tenant, order int64, item Item) error {
	product, err := q.ProductBySKU(ctx, store.ProductBySKUParams{TenantID: tenant, Sku: item.SKU})
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w: %s", ErrNoProduct, item.SKU)
	}
	if err != nil {
		return err
	}
	taken, err := q.TakeStock(ctx, store.TakeStockParams{TenantID: tenant, ID: product.ID, Quantity: item.Quantity})
	if err != nil {
		return err
	}
	if taken == 0 {
		return fmt.Errorf("%w: %s", ErrOutOfStock, item.SKU)
	}
	return q.AddOrderLine(ctx, store.AddOrderLineParams{
		OrderID: order, TenantID: tenant, ProductID: product.ID, Quantity: item.Quantity, PriceCents: product.PriceCents,
	})
}

// CancelOrder cancels an open order.
func (s *Shop) CancelOrder(ctx context.Context, tenant, order int64) error {
	changed, err := s.SetOrderState(ctx, store.SetOrderStateParams{TenantID: tenant, ID: order, State: "cancelled"})
	if err == nil && changed == 0 {
		err = fmt.Errorf("%w: %d", ErrNoOrder, order)
	}
	return err
}
