package sample

import (
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/sample/plausible"
)

// Fake gives a plausible text for a format or for a property of that name, such as
// email, first_name or iban; false for a name that says nothing. The same seed gives
// the same text.
func Fake(name string, seed uint64) (string, bool) {
	d := dice.New(seed)
	if text, ok := plausible.Format(name, d); ok {
		return text, true
	}
	return plausible.Number(name, false, d)
}
