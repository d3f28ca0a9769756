package envfile

import (
	"maps"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := Parse([]byte("\ufeff# the tests' database\r\nexport URL=\"postgres://app:$PASS@db\" # one\n\nPASS = s3 cret # two\nDSN: postgres://app:${PASS}@db/x#y\n" +
		"RAW='a$PASS\\n'\nLINES=\"a\\nb\\\"\nc\"\nEMPTY=\nCOST=\\$5\n"))
	want := map[string]string{"URL": "postgres://app:@db", "PASS": "s3 cret", "DSN": "postgres://app:s3 cret@db/x#y", "RAW": "a$PASS\\n", "LINES": "a\nb\"\nc", "EMPTY": "", "COST": "$5"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v\n got %q\nwant %q", err, got, want)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	double := "A=" + strings.Repeat("s3cret", 100) + "\n" + strings.Repeat("A=\"$A$A\"\n", 30)
	for text, want := range map[string]string{
		"A=1\ns3cret\n":             "line 2: not NAME=value",
		"# x\nA='s3cret\n":          "line 2: the quote does not end",
		"A=\"s3cret":                "line 1: the quote does not end",
		"A B=s3cret":                "line 1: not NAME=value",
		"A=\"x\" s3cret":            "line 1: not NAME=value",
		double:                      "line 11: the values are too large",
		strings.Repeat("\n", max+1): "larger than 1 MiB",
	} {
		if vars, err := Parse([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v, %d variables", text, err, len(vars))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("export A=1 # x\nB=\"$A\\n${A}\"\nC='$A'\n\ufeffD: x\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		vars, err := Parse(data)
		if err != nil {
			return
		}
		size := 0
		for _, value := range vars {
			size += len(value)
		}
		if size > max {
			t.Errorf("values of %d bytes", size)
		}
	})
}
