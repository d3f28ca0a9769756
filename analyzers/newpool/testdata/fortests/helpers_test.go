package fortests

import "testing"

func TestOne(t *testing.T) { testDB().Close() }
func TestTwo(t *testing.T) { testDB().Close() }
