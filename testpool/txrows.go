package testpool

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"io"
	"reflect"

	"github.com/jackc/pgx/v5/stdlib"
)

// txRows are the rows of a query of a TxDB, all read, so that the next statement can run.
type txRows struct {
	columns []txColumn
	values  [][]driver.Value
}

// A txColumn is what database/sql may ask of a column.
type txColumn struct {
	name, databaseType string
	scanType           reflect.Type
	length             int64
	hasLength          bool
	precision, scale   int64
	hasPrecision       bool
}

// readRows reads and closes rows.
func readRows(rows *stdlib.Rows) (_ *txRows, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := new(txRows)
	for i, name := range rows.Columns() {
		column := txColumn{name: name, databaseType: rows.ColumnTypeDatabaseTypeName(i), scanType: rows.ColumnTypeScanType(i)}
		column.length, column.hasLength = rows.ColumnTypeLength(i)
		column.precision, column.scale, column.hasPrecision = rows.ColumnTypePrecisionScale(i)
		all.columns = append(all.columns, column)
	}
	for {
		values := make([]driver.Value, len(all.columns))
		if err := rows.Next(values); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		for i, value := range values {
			if text, ok := value.([]byte); ok {
				values[i] = bytes.Clone(text) // the next row may reuse it
			}
		}
		all.values = append(all.values, values)
	}
}

func (r *txRows) Columns() (names []string) {
	for _, column := range r.columns {
		names = append(names, column.name)
	}
	return names
}

func (r *txRows) Next(dest []driver.Value) error {
	if len(r.values) == 0 {
		return io.EOF
	}
	copy(dest, r.values[0])
	r.values = r.values[1:]
	return nil
}

func (r *txRows) Close() error { return nil }

func (r *txRows) ColumnTypeDatabaseTypeName(i int) string { return r.columns[i].databaseType }

func (r *txRows) ColumnTypeScanType(i int) reflect.Type { return r.columns[i].scanType }

func (r *txRows) ColumnTypeLength(i int) (int64, bool) {
	return r.columns[i].length, r.columns[i].hasLength
}

func (r *txRows) ColumnTypePrecisionScale(i int) (precision, scale int64, ok bool) {
	return r.columns[i].precision, r.columns[i].scale, r.columns[i].hasPrecision
}
