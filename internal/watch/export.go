package watch

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
)

// writers write a report in the formats of -format.
var writers = map[string]func(*report, io.Writer) error{
	"text": (*report).writeTable,
	"json": (*report).writeJSON,
	"csv":  (*report).writeCSV,
	"html": (*report).writePage,
}

func (r *report) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

// writeCSV writes the samples. Whenever a number has changed there is a line for each
// package that has connections, and one for all.
func (r *report) writeCSV(w io.Writer) error {
	records := [][]string{{"seconds", "package", "connections"}}
	for _, s := range r.Samples {
		at := strconv.FormatFloat(s.At, 'f', 3, 64)
		for _, pkg := range slices.Sorted(maps.Keys(s.Packages)) {
			records = append(records, []string{at, pkg, strconv.Itoa(s.Packages[pkg])})
		}
		records = append(records, []string{at, "all", strconv.Itoa(s.Connections)})
	}
	return csv.NewWriter(w).WriteAll(records)
}
