package fields

// More than anybody would follow.
var repos = []repo{
	{table: "invoices_0"},
	{table: "invoices_1"},
	{table: "invoices_2"},
	{table: "invoices_3"},
	{table: "invoices_4"},
	{table: "invoices_5"},
	{table: "invoices_6"},
	{table: "invoices_7"},
	{table: "invoices_8"},
	{table: "invoices_9"},
	{table: "invoices_10"},
	{table: "invoices_11"},
	{table: "invoices_12"},
	{table: "invoices_13"},
	{table: "invoices_14"},
	{table: "invoices_15"},
	{table: "invoices_16"},
}
