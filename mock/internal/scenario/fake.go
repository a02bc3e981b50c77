package scenario

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// fake is the function fake(name) and fake(name, key) of expressions: a plausible
// text, another one each time, or always the same for a key.
func fake(args ...any) (any, error) {
	name, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	seed := rand.Uint64()
	if len(args) > 1 {
		key, err := appendText(nil, args[1])
		if err != nil {
			return nil, err
		}
		h := fnv.New64a()
		_, _ = h.Write(key) // never fails
		seed = h.Sum64()
	}
	text, ok := sample.Fake(name, seed)
	if !ok {
		return nil, fmt.Errorf("there is no fake %q: take a format or the name of a property, such as email, first_name, city or iban", name)
	}
	return text, nil
}
