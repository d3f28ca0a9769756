package dbapi

var beego = &Library{
	Paths: []string{"github.com/beego/beego", "github.com/astaxie/beego"},
	Executes: []Methods{
		{"Ormer TxOrmer DML DQL QuerySeter RawSeter RawPreparer ormBase querySet rawSet", `All AllWithCtx Count CountWithCtx Delete DeleteWithCtx Exec Exist ExistWithCtx Insert InsertMulti InsertMultiWithCtx
			InsertOrUpdate InsertOrUpdateWithCtx InsertWithCtx LoadRelated LoadRelatedWithCtx One OneWithCtx QueryRow QueryRows Read
			ReadForUpdate ReadForUpdateWithCtx ReadOrCreate ReadOrCreateWithCtx ReadWithCtx RowsToMap RowsToStruct Update UpdateWithCtx
			Values ValuesFlat ValuesFlatWithCtx ValuesList ValuesListWithCtx ValuesWithCtx`},
	},
}
