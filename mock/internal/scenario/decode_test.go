package scenario

import (
	"slices"
	"testing"
)

// TestTables holds that every key of the format says what it is for, and is read.
func TestTables(t *testing.T) {
	t.Parallel()
	checkTable(t, scenarioObject)
	checkTable(t, stateObject)
	checkTable(t, stubObject)
	checkTable(t, whenObject)
	checkTable(t, respondObject)
	checkTable(t, delayObject)
	checkTable(t, lognormalObject)
	checkTable(t, dribbleObject)
	checkTable(t, eventObject)
	checkTable(t, callbackObject)
	checkTable(t, webhookObject)
	for _, keyword := range bodyKeywords {
		if !slices.Contains(respondObject.names(), keyword) {
			t.Errorf("%q is no key of a response", keyword)
		}
	}
	for _, word := range matcherWords {
		if word.doc == "" || word.compile == nil || word.kinds == 0 {
			t.Errorf("the matcher %q is not complete", word.name)
		}
	}
}

func checkTable[T any](t *testing.T, o *object[T]) {
	t.Helper()
	for i, f := range o.fields {
		if f.doc == "" || f.kinds == 0 || f.read == nil {
			t.Errorf("%s: the key %q is not complete", o.what, f.name)
		}
		if slices.Index(o.names(), f.name) != i {
			t.Errorf("%s: the key %q is there twice", o.what, f.name)
		}
	}
}
