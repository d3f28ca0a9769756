package sqlast

// keyword is a word with a meaning in the grammar; 0 for any other word.
type keyword uint8

const (
	kwNone keyword = iota
	kwAdd
	kwAll
	kwAlter
	kwAnalyze
	kwAnd
	kwAny
	kwArray
	kwAs
	kwAsc
	kwAt
	kwAuthorization
	kwBegin
	kwBetween
	kwBinary
	kwBy
	kwCascade
	kwCase
	kwCast
	kwCheck
	kwCollate
	kwColumn
	kwConflict
	kwConstraint
	kwCopy
	kwCreate
	kwCross
	kwCurrent
	kwCurrentDate
	kwCurrentRole
	kwCurrentTime
	kwCurrentTimestamp
	kwCurrentUser
	kwDeclare
	kwDefault
	kwDeferrable
	kwDelete
	kwDesc
	kwDistinct
	kwDiv
	kwDo
	kwDrop
	kwDuplicate
	kwElse
	kwEnd
	kwEscape
	kwExcept
	kwExists
	kwExplain
	kwFalse
	kwFetch
	kwFilter
	kwFirst
	kwFor
	kwForce
	kwForeign
	kwFrom
	kwFull
	kwGlob
	kwGrant
	kwGroup
	kwGroups
	kwHaving
	kwIf
	kwIgnore
	kwILike
	kwIn
	kwIndex
	kwIndexed
	kwInitially
	kwInner
	kwInsert
	kwIntersect
	kwInterval
	kwInto
	kwIs
	kwIsNull
	kwJoin
	kwKey
	kwLateral
	kwLeading
	kwLeft
	kwLike
	kwLimit
	kwLocalTime
	kwLocalTimestamp
	kwLock
	kwMatch
	kwMerge
	kwMinus
	kwMod
	kwNatural
	kwNot
	kwNothing
	kwNotNull
	kwNull
	kwNulls
	kwOf
	kwOffset
	kwOn
	kwOnly
	kwOr
	kwOrder
	kwOuter
	kwOver
	kwOverlaps
	kwOverriding
	kwPartition
	kwPlacing
	kwPrepare
	kwPrimary
	kwRange
	kwRecursive
	kwReferences
	kwRegexp
	kwRename
	kwReplace
	kwReset
	kwReturning
	kwRight
	kwRLike
	kwRow
	kwRows
	kwSelect
	kwSeparator
	kwSessionUser
	kwSet
	kwSimilar
	kwSome
	kwStraightJoin
	kwSymmetric
	kwTable
	kwTableSample
	kwTemporary
	kwThen
	kwTo
	kwTrailing
	kwTrue
	kwTruncate
	kwUnion
	kwUnique
	kwUpdate
	kwUse
	kwUser
	kwUsing
	kwValue
	kwValues
	kwVariadic
	kwWhen
	kwWhere
	kwWindow
	kwWith
	kwWithin
	kwXor
	keywordCount
)

var keywords = map[string]keyword{
	"add": kwAdd, "all": kwAll, "alter": kwAlter, "analyse": kwAnalyze, "analyze": kwAnalyze,
	"and": kwAnd, "any": kwAny, "array": kwArray, "as": kwAs, "asc": kwAsc, "at": kwAt,
	"authorization": kwAuthorization, "begin": kwBegin, "between": kwBetween, "binary": kwBinary,
	"by": kwBy, "cascade": kwCascade, "case": kwCase, "cast": kwCast, "check": kwCheck,
	"collate": kwCollate, "column": kwColumn, "conflict": kwConflict, "constraint": kwConstraint,
	"copy": kwCopy, "create": kwCreate, "cross": kwCross, "current": kwCurrent,
	"current_date": kwCurrentDate, "current_role": kwCurrentRole, "current_time": kwCurrentTime,
	"current_catalog": kwCurrentRole, "current_schema": kwCurrentRole, "current_timestamp": kwCurrentTimestamp, "current_user": kwCurrentUser, "declare": kwDeclare,
	"default": kwDefault, "deferrable": kwDeferrable, "delete": kwDelete, "desc": kwDesc,
	"distinct": kwDistinct, "div": kwDiv, "do": kwDo, "drop": kwDrop, "duplicate": kwDuplicate,
	"else": kwElse, "end": kwEnd, "escape": kwEscape, "except": kwExcept, "exists": kwExists,
	"explain": kwExplain, "false": kwFalse, "fetch": kwFetch, "filter": kwFilter, "first": kwFirst,
	"for": kwFor, "force": kwForce, "foreign": kwForeign, "from": kwFrom, "full": kwFull,
	"glob": kwGlob, "grant": kwGrant, "group": kwGroup, "groups": kwGroups, "having": kwHaving,
	"if": kwIf, "ignore": kwIgnore, "ilike": kwILike, "in": kwIn, "index": kwIndex,
	"indexed": kwIndexed, "initially": kwInitially, "inner": kwInner, "insert": kwInsert,
	"intersect": kwIntersect, "interval": kwInterval, "into": kwInto, "is": kwIs,
	"isnull": kwIsNull, "join": kwJoin, "key": kwKey, "lateral": kwLateral, "leading": kwLeading,
	"both": kwLeading, "left": kwLeft, "like": kwLike, "limit": kwLimit, "localtime": kwLocalTime,
	"localtimestamp": kwLocalTimestamp, "lock": kwLock, "match": kwMatch, "merge": kwMerge,
	"minus": kwMinus, "mod": kwMod, "natural": kwNatural, "not": kwNot, "nothing": kwNothing,
	"notnull": kwNotNull, "null": kwNull, "nulls": kwNulls, "of": kwOf, "offset": kwOffset,
	"on": kwOn, "only": kwOnly, "or": kwOr, "order": kwOrder, "outer": kwOuter, "over": kwOver,
	"overlaps": kwOverlaps, "overriding": kwOverriding, "partition": kwPartition,
	"placing": kwPlacing, "prepare": kwPrepare, "primary": kwPrimary, "range": kwRange,
	"recursive": kwRecursive, "references": kwReferences, "regexp": kwRegexp, "rename": kwRename,
	"replace": kwReplace, "reset": kwReset, "returning": kwReturning, "right": kwRight,
	"rlike": kwRLike, "row": kwRow, "rows": kwRows, "select": kwSelect, "separator": kwSeparator,
	"session_user": kwSessionUser, "system_user": kwSessionUser, "set": kwSet,
	"similar": kwSimilar, "some": kwSome, "straight_join": kwStraightJoin,
	"symmetric": kwSymmetric, "asymmetric": kwSymmetric, "table": kwTable,
	"tablesample": kwTableSample, "temp": kwTemporary, "temporary": kwTemporary, "then": kwThen,
	"to": kwTo, "trailing": kwTrailing, "true": kwTrue, "truncate": kwTruncate, "union": kwUnion,
	"unique": kwUnique, "update": kwUpdate, "use": kwUse, "user": kwUser, "using": kwUsing,
	"value": kwValue, "values": kwValues, "variadic": kwVariadic, "when": kwWhen,
	"where": kwWhere, "window": kwWindow, "with": kwWith, "within": kwWithin, "xor": kwXor,
}

// class says where a keyword may stand as a name and what it does to a clause.
type class uint8

const (
	reserved class = 1 << iota // no name of a column, table or alias unless quoted or after a dot
	callable                   // reserved, but may name a function
	operand                    // reserved, but a value of its own
	prefix                     // not reserved, but an operand comes next
	boundary                   // begins a clause or ends an operand: reading goes on here
	postgres                   // reserved in PostgreSQL alone
)

var classes = [keywordCount]class{
	kwAll: reserved, kwAnalyze: postgres | reserved, kwAnd: reserved | boundary, kwAny: postgres | reserved | callable,
	kwArray: postgres | reserved, kwAs: reserved | boundary, kwAsc: reserved | boundary,
	kwAuthorization: postgres | reserved | callable, kwBetween: prefix, kwBinary: reserved | callable,
	kwBy: prefix, kwCase: reserved, kwCast: reserved, kwCheck: reserved | boundary,
	kwCollate: reserved, kwColumn: reserved, kwConstraint: reserved | boundary,
	kwCreate: reserved | boundary, kwCross: reserved | callable | boundary,
	kwCurrentDate: reserved | operand, kwCurrentRole: postgres | reserved | operand,
	kwCurrentTime: reserved | operand, kwCurrentTimestamp: reserved | operand,
	kwCurrentUser: reserved | operand, kwDefault: reserved | operand,
	kwDeferrable: postgres | reserved | boundary, kwDesc: reserved | boundary, kwDistinct: reserved,
	kwDiv: prefix, kwDo: reserved | boundary, kwElse: reserved | boundary,
	kwEnd: postgres | reserved | operand | boundary, kwEscape: prefix, kwExcept: reserved | boundary,
	kwFalse: reserved | operand, kwFetch: reserved | boundary, kwFor: reserved | boundary,
	kwForeign: reserved | boundary, kwFrom: reserved | boundary,
	kwFull: postgres | reserved | callable | boundary, kwGlob: prefix, kwGrant: reserved | boundary,
	kwGroup: reserved | boundary, kwHaving: reserved | boundary, kwILike: postgres | reserved | callable,
	kwIn: reserved, kwInitially: postgres | reserved | boundary, kwInner: reserved | callable | boundary,
	kwIntersect: reserved | boundary, kwInterval: prefix, kwInto: reserved | boundary,
	kwIs: reserved | callable, kwIsNull: reserved | callable,
	kwJoin: reserved | callable | boundary, kwLateral: reserved, kwLeading: reserved,
	kwLeft: reserved | callable | boundary, kwLike: reserved | callable,
	kwLimit: reserved | boundary, kwLocalTime: reserved | operand,
	kwLocalTimestamp: reserved | operand, kwMatch: prefix, kwMod: prefix,
	kwNatural: reserved | callable | boundary, kwNot: reserved,
	kwNotNull: reserved | callable, kwNull: reserved | operand, kwOffset: postgres | reserved | boundary,
	kwOn: reserved | boundary, kwOnly: postgres | reserved, kwOr: reserved | boundary, kwOrder: reserved | boundary,
	kwOuter: reserved | callable | boundary, kwOverlaps: postgres | reserved | callable,
	kwPlacing: postgres | reserved | boundary, kwPrimary: reserved | boundary,
	kwReferences: reserved | boundary, kwRegexp: prefix,
	kwReturning: reserved | boundary, kwRight: reserved | callable | boundary,
	kwRLike: prefix, kwSelect: reserved | boundary, kwSeparator: prefix,
	kwSessionUser: postgres | reserved | operand, kwSet: prefix, kwSimilar: postgres | reserved | callable,
	kwSome: postgres | reserved, kwStraightJoin: reserved | boundary, kwSymmetric: postgres | reserved,
	kwTable: reserved, kwTableSample: postgres | reserved | callable | boundary,
	kwThen: reserved | boundary, kwTo: reserved | boundary, kwTrailing: reserved,
	kwTrue: reserved | operand, kwUnion: reserved | boundary, kwUnique: reserved | boundary,
	kwUser: postgres | reserved | operand, kwUsing: reserved | boundary, kwValues: prefix,
	kwVariadic: postgres | reserved, kwWhen: reserved | boundary, kwWhere: reserved | boundary,
	kwWindow: reserved | boundary, kwWith: reserved | boundary, kwXor: prefix,
}

// reserved reports whether k is reserved in the dialect that is read.
func (p *parser) reserved(k keyword) bool {
	return k.is(reserved) && (p.dialect() == Postgres || !k.is(postgres))
}

func (k keyword) is(c class) bool { return classes[k]&c != 0 }

const longestKeyword = len("current_timestamp")

const keywordSlots = 1024

type keywordSlot struct {
	word string
	kw   keyword
}

// keywordTable holds the keywords in open addressing, which is several times faster
// than a map: nearly every word is looked up, and few are keywords.
var keywordTable = func() (t [keywordSlots]keywordSlot) {
	for word, kw := range keywords {
		i := keywordHash(word)
		for t[i].word != "" {
			i = (i + 1) % keywordSlots
		}
		t[i].word, t[i].kw = word, kw
	}
	return t
}()

// keywordHash hashes a word in any case of letters.
func keywordHash(word string) int {
	n := len(word)
	first, middle, last := word[0]|0x20, word[n/2]|0x20, word[n-1]|0x20
	return (int(first)*37 + int(middle)*101 + int(last)*7 + n*151) % keywordSlots
}

// lookup returns the keyword that word, which is not empty, is in any case of letters.
func lookup(word string) keyword {
	if len(word) > longestKeyword {
		return kwNone
	}
	for i := keywordHash(word); keywordTable[i].word != ""; i = (i + 1) % keywordSlots {
		if equalLower(word, keywordTable[i].word) {
			return keywordTable[i].kw
		}
	}
	return kwNone
}

// equalLower reports whether word is lower, which is in lower case, but for the case
// of ASCII letters.
func equalLower(word, lower string) bool {
	if len(word) != len(lower) {
		return false
	}
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
