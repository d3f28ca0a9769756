package dbapi

// gogf is the database package of GoFrame.
var gogf = &Library{
	Paths: []string{"github.com/gogf/gf/database/gdb"},
	Executes: []Methods{
		{"Model", `All One Array Value Count CountColumn Sum Avg Min Max Scan ScanAndCount AllAndCount Chunk Exist Increment Decrement Insert
			InsertAndGetId InsertIgnore Replace Save Update UpdateAndGetAffected Delete`},
		{"DB TX Core", "GetAll GetOne GetValue GetArray GetCount GetScan Insert InsertIgnore InsertAndGetId Replace Save Update Delete"},
	},
}
