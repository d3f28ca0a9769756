package dbapi

import (
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// runRows lists, by library and type, the functions and methods that run a query,
// whether anything here can read it or not: one that is not read is counted. A
// library is named by the import path that its packages begin with, without its
// major version. No type stands for functions, * for every type. What opens, closes,
// begins, commits or only builds does not belong here, nor does what runs a prepared
// statement: its text is taken where it is prepared.
var runRows = []struct{ path, types, methods string }{
	{"gorm.io/gorm", "DB Interface ChainInterface CreateInterface ExecInterface SetCreateOrUpdateInterface SetUpdateOnlyInterface", gormRuns},
	{"github.com/jinzhu/gorm", "DB", gormRuns},
	{"github.com/uptrace/bun", "SelectQuery InsertQuery UpdateQuery DeleteQuery MergeQuery RawQuery TruncateTableQuery", "Exec Scan Rows Count Exists ScanAndCount"},
	{"github.com/uptrace/go-clickhouse", "SelectQuery InsertQuery RawQuery", "Exec Scan Rows Count Exists ScanAndCount"},
	{"github.com/doug-martin/goqu", "SelectDataset QueryExecutor", `Exec ExecContext Query QueryContext Count CountContext Pluck PluckContext Scanner ScannerContext
		ScanStruct ScanStructContext ScanStructs ScanStructsContext ScanVal ScanValContext ScanVals ScanValsContext`},
	{"github.com/go-pg/pg", "Query", "Select SelectAndCount SelectAndCountEstimate Count CountEstimate First Last Exists ForEach Insert SelectOrInsert Update UpdateNotZero Delete ForceDelete CopyFrom CopyTo"},
	{"github.com/go-pg/pg", "DB Tx Conn baseDB", goPGRuns},
	{"gopkg.in/pg", "Query", "Select SelectAndCount SelectAndCountEstimate Count CountEstimate First Last Exists ForEach Insert SelectOrInsert Update Delete ForceDelete Create"},
	{"gopkg.in/pg", "DB Tx", goPGRuns + " Create"},
	{"xorm.io/xorm", "Engine Session EngineInterface Interface", xormRuns},
	{"github.com/go-xorm/xorm", "Engine Session EngineInterface Interface", xormRuns},

	{"github.com/Masterminds/squirrel", "SelectBuilder InsertBuilder UpdateBuilder DeleteBuilder", squirrelRuns},
	{"github.com/Masterminds/squirrel", "", "ExecWith ExecContextWith QueryWith QueryContextWith QueryRowWith QueryRowContextWith"},
	{"github.com/elgris/sqrl", "SelectBuilder InsertBuilder UpdateBuilder DeleteBuilder", squirrelRuns},
	{"github.com/elgris/sqrl", "", "ExecWith ExecWithContext QueryWith QueryWithContext QueryRowWith QueryRowWithContext"},
	{"github.com/leporo/sqlf", "Stmt", "Exec ExecAndClose Query QueryAndClose QueryRow QueryRowAndClose"},
	{"github.com/go-jet/jet", "*", "Query QueryContext Exec ExecContext Rows"},
	{"github.com/go-jet/jet", "", "Query QueryJsonArr QueryJsonObj"},
	{"github.com/stephenafamo/bob", "*", "All One Cursor Count Exists Exec"},
	{"github.com/stephenafamo/bob", "", "All Allx One Cursor Exec"},
	{"github.com/stephenafamo/scan", "", "All One Cursor Each"},
	{"github.com/gobuffalo/pop", "Connection Query", `All Count CountByField Create Delete Destroy Exec ExecWithCount Exists Find First Last Load Reload
		Save Update UpdateColumns UpdateQuery ValidateAndCreate ValidateAndSave ValidateAndUpdate`},
	{"github.com/gocraft/dbr", dbrTypes, dbrRuns},
	{"github.com/mailru/dbr", dbrTypes, dbrRuns},
	{"github.com/go-gorp/gorp", gorpTypes, gorpRuns},
	{"gopkg.in/gorp", gorpTypes, gorpRuns},
	{"github.com/coopernurse/gorp", gorpTypes, gorpRuns},
	{"github.com/volatiletech/sqlboiler", "Query", boilerRuns},
	{"github.com/aarondl/sqlboiler", "Query", boilerRuns},
	{"github.com/upper/db", "*", upperRuns},
	{"upper.io/db", "*", upperRuns},
	{"github.com/beego/beego", beegoTypes, beegoRuns},
	{"github.com/astaxie/beego", beegoTypes, beegoRuns},
	{"github.com/gogf/gf/database/gdb", "Model", `All One Array Value Count CountColumn Sum Avg Min Max Scan ScanAndCount AllAndCount Chunk Exist Increment Decrement
		Insert InsertAndGetId InsertIgnore Replace Save Update UpdateAndGetAffected Delete`},
	{"github.com/gogf/gf/database/gdb", "DB TX Core", "GetAll GetOne GetValue GetArray GetCount GetScan Insert InsertIgnore InsertAndGetId Replace Save Update Delete"},
	{"gopkg.in/reform", "Querier", `Count Delete DeleteFrom FindAllFrom FindByPrimaryKeyFrom FindByPrimaryKeyTo FindOneFrom FindOneTo FindRows Insert InsertColumns InsertMulti
		Reload Save SelectAllFrom SelectOneFrom SelectOneTo SelectRows Update UpdateColumns UpdateView`},
	{"github.com/go-rel/rel", "Repository", `Aggregate Count Delete DeleteAll DeleteAny Exec Exists Find FindAll FindAndCountAll Insert InsertAll Iterate Preload
		Update UpdateAny MustAggregate MustCount MustDelete MustDeleteAll MustDeleteAny MustExec MustFind MustFindAll MustFindAndCountAll MustInsert MustInsertAll MustPreload MustUpdate MustUpdateAny`},
	{"github.com/pocketbase/dbx", dbxTypes, dbxRuns},
	{"github.com/go-ozzo/ozzo-dbx", dbxTypes, dbxRuns},
	{"github.com/hashicorp/go-dbw", "RW Reader Writer", "Create CreateItems Delete DeleteItems Exec LookupBy LookupByPublicId LookupWhere Query SearchWhere Update"},
	{"github.com/canonical/sqlair", "Query", "Get GetAll Iter Run"},
	{"github.com/vingarcia/ksql", "DB Provider", "Delete Exec Insert Patch Query QueryChunks QueryOne Update"},

	{"github.com/jmoiron/sqlx", "DB Tx Conn", "Get GetContext Select SelectContext NamedExec NamedExecContext NamedQuery NamedQueryContext"},
	{"github.com/zeromicro/go-zero/core/stores", "SqlConn Session", goZeroRuns},
	{"github.com/zeromicro/go-zero/core/stores", "CachedConn", goZeroCachedRuns},
	{"github.com/zeromicro/go-zero/core/stores", "", "NewBulkInserter"},
	{"github.com/tal-tech/go-zero/core/stores", "SqlConn Session", goZeroRuns},
	{"github.com/tal-tech/go-zero/core/stores", "CachedConn", goZeroCachedRuns},
	{"github.com/georgysavva/scany", "API", "Get Select"},
	{"github.com/georgysavva/scany", "", "Get Select"},
	{"github.com/jackc/pgx", "PgConn", "CopyFrom CopyTo ExecBatch ExecParams Prepare"},
	{"github.com/jackc/pgx", "Conn ConnPool Tx", "CopyFrom CopyFromReader CopyToWriter QueryFunc"},
	{"github.com/jackc/pgconn", "PgConn", "CopyFrom CopyTo ExecBatch ExecParams Prepare"},
	{"github.com/qustavo/dotsql", "DotSql", dotRuns},
	{"github.com/gchaincl/dotsql", "DotSql", dotRuns},
	{"github.com/jackc/pgxutil", "", "ExecRow Insert InsertRow InsertRowReturning InsertReturning Select SelectRow Update UpdateRow UpdateReturning UpdateRowReturning"},

	{"github.com/gocql/gocql", "Query", cqlRuns},
	{"github.com/apache/cassandra-gocql-driver", "Query", cqlRuns},
	{"github.com/scylladb/gocqlx", "Queryx", cqlRuns + " ExecCAS ExecCASRelease ExecRelease Get GetCAS GetCASRelease GetRelease Select SelectRelease"},
	{"cloud.google.com/go/spanner", "*", `Apply ApplyAtLeastOnce BatchUpdate BatchUpdateWithOptions BufferWrite PartitionedUpdate PartitionedUpdateWithOptions Query QueryWithOptions QueryWithStats
		Read ReadRow ReadRowUsingIndex ReadRowWithOptions ReadUsingIndex ReadWithOptions Update UpdateWithOptions`},
	{"github.com/ClickHouse/clickhouse-go", "Conn", "AsyncInsert Exec InsertFormat PrepareBatch Query QueryFormat QueryRow Select"},
	{"github.com/ClickHouse/ch-go", "Client Pool", "Do"},
	{"zombiezen.com/go/sqlite", "Conn", "Prep Prepare PrepareTransient"},
	{"zombiezen.com/go/sqlite", "", sqlitexRuns},
	{"crawshaw.io/sqlite", "Conn", "Prep Prepare PrepareTransient"},
	{"crawshaw.io/sqlite", "", sqlitexRuns},
	{"github.com/rqlite/gorqlite", "Connection", `Query QueryContext QueryOne QueryOneContext QueryOneParameterized QueryOneParameterizedContext QueryParameterized QueryParameterizedContext
		Write WriteContext WriteOne WriteOneContext WriteOneParameterized WriteOneParameterizedContext WriteParameterized WriteParameterizedContext`},
}

// What types of several rows have in common.
const (
	gormRuns = `Count Create CreateInBatches Delete Exec Find FindInBatches First FirstOrCreate FirstOrInit Last Pluck Row Rows Save Scan
		Take Update UpdateColumn UpdateColumns Updates`
	goPGRuns = "Exec ExecContext ExecOne ExecOneContext Query QueryContext QueryOne QueryOneContext CopyFrom CopyTo Delete ForceDelete Insert Select Update"
	xormRuns = `Count Delete Exec Exist Find FindAndCount Get Insert InsertMulti InsertOne Iterate Query QueryInterface QueryString Rows Sum SumInt Sums SumsInt Update`

	squirrelRuns = "Exec ExecContext Query QueryContext QueryRow QueryRowContext Scan ScanContext"
	dbrTypes     = "SelectBuilder SelectStmt InsertBuilder InsertStmt UpdateBuilder UpdateStmt DeleteBuilder DeleteStmt"
	dbrRuns      = `Exec ExecContext Iterate IterateContext Load LoadContext LoadOne LoadOneContext LoadStruct LoadStructs LoadValue LoadValues Rows RowsContext
		ReturnInt64 ReturnInt64Context ReturnInt64s ReturnInt64sContext ReturnString ReturnStringContext ReturnStrings ReturnStringsContext
		ReturnUint64 ReturnUint64Context ReturnUint64s ReturnUint64sContext`
	gorpTypes  = "DbMap Transaction SqlExecutor"
	gorpRuns   = "Delete Exec ExecContext Get Insert Query QueryContext QueryRow QueryRowContext Select SelectFloat SelectInt SelectNullFloat SelectNullInt SelectNullStr SelectOne SelectStr Update UpdateColumns"
	dbxTypes   = "Query SelectQuery ModelQuery"
	dbxRuns    = "All Column Delete Execute Insert One Row Rows Update"
	boilerRuns = `Bind BindP BindG Exec ExecContext ExecP Query QueryContext QueryP QueryRow QueryRowContext`
	upperRuns  = "All Count Delete Exec ExecContext Exists Get Insert InsertReturning Iterator IteratorContext One Query QueryContext QueryRow QueryRowContext Save Update UpdateReturning"
	beegoTypes = "Ormer TxOrmer DML DQL QuerySeter RawSeter RawPreparer ormBase querySet rawSet"
	beegoRuns  = `All AllWithCtx Count CountWithCtx Delete DeleteWithCtx Exec Exist ExistWithCtx Insert InsertMulti InsertMultiWithCtx InsertOrUpdate InsertOrUpdateWithCtx
		InsertWithCtx LoadRelated LoadRelatedWithCtx One OneWithCtx QueryRow QueryRows Read ReadForUpdate ReadForUpdateWithCtx ReadOrCreate ReadOrCreateWithCtx ReadWithCtx
		RowsToMap RowsToStruct Update UpdateWithCtx Values ValuesFlat ValuesFlatWithCtx ValuesList ValuesListWithCtx ValuesWithCtx`
	goZeroRuns = `Exec ExecCtx Prepare PrepareCtx QueryRow QueryRowCtx QueryRowPartial QueryRowPartialCtx QueryRows QueryRowsCtx QueryRowsPartial QueryRowsPartialCtx`

	goZeroCachedRuns = `ExecNoCache ExecNoCacheCtx QueryRowNoCache QueryRowNoCacheCtx QueryRowPartialNoCache QueryRowPartialNoCacheCtx
		QueryRowsNoCache QueryRowsNoCacheCtx QueryRowsPartialNoCache QueryRowsPartialNoCacheCtx`
	dotRuns     = "Exec ExecContext Prepare PrepareContext Query QueryContext QueryRow QueryRowContext"
	cqlRuns     = "Exec Iter MapScan MapScanCAS Scan ScanCAS"
	sqlitexRuns = `Exec ExecFS ExecScript ExecScriptFS ExecTransient ExecTransientFS Execute ExecuteFS ExecuteScript ExecuteScriptFS ExecuteTransient ExecuteTransientFS`
)

// marks tell a library that stands under a path of its own, as a fork does, by one of
// its types and methods of that, and by the package's name where others have such a
// type.
var marks = []struct{ path, pkg, typ, methods string }{
	{"gorm.io/gorm", "gorm", "DB", "Find Raw Where"},
	{"github.com/uptrace/bun", "", "SelectQuery", "Model Scan Where"},
	{"github.com/doug-martin/goqu", "", "SelectDataset", "ScanStructs ToSQL Where"},
	{"github.com/doug-martin/goqu", "", "QueryExecutor", "ScanStructs ScanVals"},
	{"github.com/go-pg/pg", "pg", "DB", "Model QueryOne"},
	{"github.com/go-pg/pg", "orm", "Query", "Select WherePK"},
	{"xorm.io/xorm", "xorm", "Session", "FindAndCount Iterate Where"},
	{"github.com/Masterminds/squirrel", "", "SelectBuilder", "From ToSql Where"},
	{"github.com/go-jet/jet", "", "Statement", "DebugSql QueryContext Sql"},
	{"github.com/stephenafamo/bob", "", "BaseQuery", "Exec WriteQuery"},
	{"github.com/gobuffalo/pop", "pop", "Connection", "RawQuery Where"},
	{"github.com/gocraft/dbr", "", "SelectStmt", "From Load Where"},
	{"github.com/go-gorp/gorp", "", "DbMap", "AddTable SelectOne"},
	{"github.com/jmoiron/sqlx", "sqlx", "DB", "NamedExec Select"},
	{"github.com/zeromicro/go-zero/core/stores", "sqlx", "SqlConn", "QueryRows Transact"},
	{"github.com/jackc/pgconn", "", "PgConn", "ExecParams Prepare"},
	{"github.com/gocql/gocql", "gocql", "Query", "Iter MapScan"},
}

// A Library knows which of its functions run queries.
type Library struct {
	runs map[string]map[string]bool // names of methods by type; "" for functions, * for all types
}

var libraries = func() map[string]*Library {
	byPath := map[string]*Library{}
	for _, row := range runRows {
		lib := byPath[row.path]
		if lib == nil {
			lib = &Library{map[string]map[string]bool{}}
			byPath[row.path] = lib
		}
		owners := strings.Fields(row.types)
		if len(owners) == 0 {
			owners = []string{""}
		}
		for _, owner := range owners {
			if lib.runs[owner] == nil {
				lib.runs[owner] = map[string]bool{}
			}
			for name := range strings.FieldsSeq(row.methods) {
				lib.runs[owner][name] = true
			}
		}
	}
	return byPath
}()

// RunPackages returns the import paths of the libraries whose queries are counted,
// sorted: not all of them import one that opens pools.
func RunPackages() []string { return slices.Sorted(maps.Keys(libraries)) }

// majorVersion is what the import paths of one library differ in.
var majorVersion = regexp.MustCompile(`[./]v[0-9]+(/|$)`)

// LibraryOf returns the library that a package belongs to, by its path or by its
// shape; nil if it is none that runs queries.
func LibraryOf(pkg *types.Package) *Library {
	path := strings.TrimSuffix(majorVersion.ReplaceAllString(pkg.Path(), "/"), "/")
	for at := path; at != ""; {
		if lib := libraries[at]; lib != nil {
			return lib
		}
		i := strings.LastIndexByte(at, '/')
		at = at[:max(i, 0)]
	}
	for _, m := range marks {
		if (m.pkg == "" || m.pkg == pkg.Name()) && hasMethods(pkg, m.typ, m.methods) {
			return libraries[m.path]
		}
	}
	return nil
}

func hasMethods(pkg *types.Package, typ, methods string) bool {
	obj := pkg.Scope().Lookup(typ)
	if obj == nil {
		return false
	}
	for name := range strings.FieldsSeq(methods) {
		if m, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, name); m == nil {
			return false
		}
	}
	return true
}

// Runs reports whether a function of the library runs a query.
func (l *Library) Runs(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return l.runs[""][fn.Name()]
	}
	name := TypeName(recv.Type())
	return l.runs[name[strings.LastIndexByte(name, '.')+1:]][fn.Name()] || l.runs["*"][fn.Name()]
}

// RunsBehind reports whether a method of an interface runs a query where a type of
// the library stands behind it, in a package that was imported: the type has all the
// methods, and more than one of them runs queries, since many a type has a Scan.
func (l *Library) RunsBehind(fn *types.Func, pkg *types.Package) bool {
	iface, ok := fn.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for owner, runs := range l.runs {
		obj := pkg.Scope().Lookup(owner)
		if obj == nil || !runs[fn.Name()] || !types.Implements(types.NewPointer(obj.Type()), iface) && !types.Implements(obj.Type(), iface) {
			continue
		}
		n := 0
		for m := range iface.Methods() {
			if runs[m.Name()] {
				n++
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}
