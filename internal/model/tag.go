package model

import (
	"cmp"
	"strings"
)

// alone names the unique key of a column that no other shares.
const alone = "."

// gormIndex returns the name of a unique index of GORM; empty if it leaves out rows.
func gormIndex(value string) string {
	name, options, _ := strings.Cut(value, ",")
	if strings.Contains(options, "where") || strings.Contains(options, "expression") || strings.Contains(options, "composite") {
		return ""
	}
	return cmp.Or(name, alone)
}

// tag is what a mapper's struct tag says of a field.
type tag struct {
	column, table, alias, prefix string

	skip, key, auto, relation, embedded, typed bool

	unique string // the name of the unique key that the column is in; its own if it is one alone

	// Of a relation:
	foreign, references []string    // the columns, or their fields, that refer and are referred to
	on                  [][2]string // columns of this table and of the other
	through             bool        // by rows of a third table, or of several
}

func readTag(m Mapper, s string) tag {
	switch m {
	case GORM:
		return gormTag(s)
	case XORM:
		return xormTag(s)
	default:
		return commaTag(s)
	}
}

// gormTag reads "column:x;primaryKey;…".
func gormTag(s string) tag {
	if s == "-" || strings.HasPrefix(s, "-:all") {
		return tag{skip: true}
	}
	var t tag
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), ":")
		switch strings.ToLower(name) {
		case "column":
			t.column = value
		case "primarykey", "primary_key":
			t.key = true
		case "autoincrement":
			t.auto = true
		case "unique":
			t.unique = alone
		case "uniqueindex", "unique_index":
			t.unique = gormIndex(value)
		case "embedded":
			t.embedded = true
		case "embeddedprefix":
			t.prefix = value
		case "type", "serializer":
			t.typed = true
		case "foreignkey", "references", "association_foreignkey":
			t.relation = true
			names := strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ' ' })
			if strings.EqualFold(name, "foreignkey") {
				t.foreign = names
			} else {
				t.references = names
			}
		case "many2many", "polymorphic":
			t.relation, t.through = true, true
		}
	}
	return t
}

// commaTag reads "name,option,key:value,…", the tags of bun, go-pg and db.
func commaTag(s string) tag {
	if s == "-" {
		return tag{skip: true}
	}
	var t tag
	for i, part := range strings.Split(s, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), ":")
		switch name {
		case "table":
			t.table = value
		case "alias":
			t.alias = value
		case "embed", "prefix":
			t.embedded, t.prefix = true, value
		case "rel", "scanonly":
			t.relation = true
		case "m2m", "many2many", "polymorphic":
			t.relation, t.through = true, true
		case "fk", "join_fk":
			t.relation = true
			if t.foreign = append(t.foreign, value); len(t.foreign) == 2 {
				t.on = [][2]string{{t.foreign[0], value}}
			}
		case "join":
			if from, to, ok := strings.Cut(value, "="); ok {
				t.on = append(t.on, [2]string{from, to})
			}
		case "pk", "primarykey":
			t.key = true
		case "unique":
			t.unique = cmp.Or(value, alone)
		case "autoincrement":
			t.auto = true
		case "select":
		default:
			if i == 0 && !found {
				t.column = unquote(part)
			}
		}
	}
	return t
}

// xormWords are the words of xorm's tags that name no column.
var xormWords = map[string]bool{
	"null": true, "not": true, "notnull": true, "unique": true, "index": true, "created": true, "updated": true,
	"deleted": true, "version": true, "default": true, "json": true, "jsonb": true, "int": true, "bigint": true,
	"text": true, "longtext": true, "mediumtext": true, "bool": true, "blob": true, "datetime": true, "timestamp": true,
	"timestampz": true, "tinyint": true, "smallint": true, "float": true, "double": true, "numeric": true,
	"uuid": true, "bytea": true, "serial": true, "bigserial": true, "cache": true, "nocache": true, "utc": true, "local": true,
	"varchar": true, "char": true, "decimal": true, "longblob": true, "mediumblob": true, "tinyblob": true, "date": true,
	"time": true, "enum": true, "set": true, "clob": true, "nvarchar": true, "real": true, "money": true, "binary": true,
	"varbinary": true, "bit": true, "interval": true, "integer": true, "mediumint": true, "unsigned": true, "tinytext": true,
	"inet": true, "xml": true, "array": true, "year": true, "boolean": true, "collate": true, "comment": true,
}

// outsideQuotes returns the words of a tag; what stands in quotes or parentheses parts none.
func outsideQuotes(s string) []string {
	depth, quoted := 0, false
	return strings.FieldsFunc(s, func(c rune) bool {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		}
		return c == ' ' && depth <= 0 && !quoted
	})
}

// xormTag reads "'name' pk autoincr VARCHAR(20) …".
func xormTag(s string) tag {
	if s == "-" {
		return tag{skip: true}
	}
	var t tag
	value := false // the word belongs to the one before it
	for _, word := range outsideQuotes(s) {
		if value {
			value = false
			continue
		}
		switch lower := strings.ToLower(word); {
		case lower == "default", lower == "collate":
			value = true
		case lower == "pk":
			t.key = true
		case strings.HasPrefix(lower, "unique"):
			t.unique = cmp.Or(strings.Trim(lower[len("unique"):], "()"), alone)
		case lower == "autoincr":
			t.auto = true
		case lower == "extends":
			t.embedded = true
		case lower == "->":
			t.relation = true
		case strings.HasPrefix(word, "'"):
			t.column = unquote(word)
		case t.column == "" && !xormWords[lower] && !strings.ContainsAny(word, "()-<"):
			t.column = word
		}
	}
	return t
}
