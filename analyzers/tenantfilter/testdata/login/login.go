// Package login looks for whoever logs in, before their tenant is known.
package login

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

type Member struct {
	ID       string `gorm:"primaryKey"`
	TenantID string `gorm:"not null;uniqueIndex:email_of_tenant"`
	Email    string `gorm:"not null;uniqueIndex:email_of_tenant"`
	Hash     string `gorm:"column:password_hash"`
}

func (m *Member) CheckPassword(given string) bool { return m.Hash == given }

type hasher struct{}

func (hasher) Compare(hash, given string) error { return nil }

func verifyPassword(hash, given string) bool { return hash == given }

var errDenied = errors.New("denied")

type service struct {
	db    *gorm.DB
	raw   *sql.DB
	check hasher
}

func (s *service) byMethod(email, given string) (*Member, error) {
	var m Member
	if err := s.db.Where("email = ?", email).First(&m).Error; err != nil { // want info:`query on "members" is across tenants by design, as it finds who logs in with a password`
		return nil, err
	}
	if !m.CheckPassword(given) {
		return nil, errDenied
	}
	return &m, nil
}

func (s *service) byFunction(email, given string) (*Member, error) {
	var m Member
	if err := s.db.First(&m, "lower(email) = lower(?)", email).Error; err != nil { // want info:`finds who logs in with a password`
		return nil, err
	}
	if ok := verifyPassword(m.Hash, given); !ok {
		return nil, errDenied
	}
	return &m, nil
}

func (s *service) byHash(ctx context.Context, email, given string) (id string, err error) {
	var tenantID, passwordHash string
	err = s.raw.QueryRowContext(ctx, "SELECT id, tenant_id, password_hash FROM members WHERE email = $1", email).Scan(&id, &tenantID, &passwordHash) // want info:`finds who logs in with a password`
	if err != nil || !verifyPassword(passwordHash, given) {
		return "", errDenied
	}
	return id, nil
}

func (s *service) byScan(ctx context.Context, email, given string) (id string, err error) {
	var hash string
	err = s.raw.QueryRowContext(ctx, "SELECT id, name, password_hash FROM members WHERE email = $1", email).Scan(&id, new(string), &hash) // want info:`finds who logs in with a password`
	if err != nil || !verifyPassword(hash, given) {
		return "", errDenied
	}
	return id, nil
}

// The password is that of another, or none is compared.
func (s *service) other(email, given string, known Member) (*Member, error) {
	var m Member
	if err := s.db.Where("email = ?", email).First(&m).Error; err != nil { // want `not limited to a tenant: .* \(unrestricted\)`
		return nil, err
	}
	if !known.CheckPassword(given) || s.check.Compare(m.Email, given) != nil {
		return nil, errDenied
	}
	return &m, nil
}

// The tenant is known, and forgotten.
func (s *service) ofTenant(tenantID, email, given string) (*Member, error) {
	var m Member
	if err := s.db.Where("email = ?", email).First(&m).Error; err != nil { // want `not limited to a tenant: .* \(unrestricted\)`
		return nil, err
	}
	if !m.CheckPassword(given) {
		return nil, errDenied
	}
	return &m, nil
}

// Whoever has a password may change their own row alone.
func (s *service) reset(email, given string) error {
	return s.db.Model(&Member{}).Where("email = ?", email).Update("password_hash", given).Error // want `not limited to a tenant: .* \(unrestricted\)`
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// A key is found by what is public of it, and its secret compared in constant time.
func (s *service) byKey(name, secret string) (*Member, error) {
	var m Member
	if err := s.db.Where("name = ?", name).First(&m).Error; err != nil { // want info:`finds who logs in with a password or a key`
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(m.Hash), digest(secret)) != 1 {
		return nil, errDenied
	}
	return &m, nil
}

func (s *service) byPrefix(ctx context.Context, prefix, secret string) (found string, err error) {
	rows, err := s.raw.QueryContext(ctx, "SELECT id, password_hash FROM members WHERE name = $1", prefix) // want info:`finds who logs in with a password or a key`
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var hash []byte
		if err := rows.Scan(&id, &hash); err != nil {
			return "", err
		}
		if hmac.Equal(hash, digest(secret)) {
			return id, nil
		}
	}
	return "", errDenied
}

// What is compared was not found.
func (s *service) elsewhere(name, secret, expected string) (*Member, error) {
	var m Member
	if err := s.db.Where("name = ?", name).First(&m).Error; err != nil { // want `not limited to a tenant: .* \(unrestricted\)`
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(expected), digest(secret)) != 1 {
		return nil, errDenied
	}
	return &m, nil
}

type Tenant struct{ ID string }

// A type that is named for the tenant knows none.
func (s *service) tenantOf(name, secret string) (Tenant, error) {
	if secret == "" {
		return Tenant{}, errDenied
	}
	var m Member
	err := s.db.Where("name = ?", name).First(&m).Error // want info:`finds who logs in with a password or a key`
	if err != nil {
		return Tenant{}, err
	}
	if subtle.ConstantTimeCompare([]byte(m.Hash), digest(secret)) != 1 {
		return Tenant{}, errDenied
	}
	return Tenant{m.TenantID}, nil
}

// Whoever knows the tenant has to say it.
func (s *service) knowing(tenant Tenant, name, secret string) (*Member, error) {
	var m Member
	if err := s.db.Where("name = ?", name).First(&m).Error; err != nil { // want `not limited to a tenant: .* \(unrestricted\)`
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(m.Hash), digest(secret)) != 1 || tenant.ID == "" {
		return nil, errDenied
	}
	return &m, nil
}
