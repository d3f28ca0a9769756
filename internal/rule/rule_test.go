package rule_test

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"

	"github.com/poollint/poollint"
)

// What findings and evidence hold survives the driver's cache. A kind of message
// without anything to say has no fields to keep: let it be a finding.Text.
func TestDataSurvivesGob(t *testing.T) {
	t.Parallel()
	for _, rule := range poollint.Rules() {
		for _, data := range rule.Data {
			gob.Register(data)
			var kept bytes.Buffer
			got := new(any)
			if err := gob.NewEncoder(&kept).Encode(&data); err != nil {
				t.Errorf("%s: %T: %v", rule.Name, data, err)
			} else if err := gob.NewDecoder(&kept).Decode(got); err != nil || !reflect.DeepEqual(*got, data) {
				t.Errorf("%s: %T comes back as %#v, %v", rule.Name, data, *got, err)
			}
		}
	}
}
