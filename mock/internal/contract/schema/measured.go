package schema

import (
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// Measured is a string that is too long to be held: a value like string, of which only
// the length and the identity are known. It fits every pattern and format, and is none of
// the values that an enum or const lists. Two are equal when they are equal in Go.
type Measured struct {
	// Length is that of the string in characters.
	Length int
	// Sum is a digest of the content.
	Sum [32]byte
}

// standInPrefix begins the strings that stand for measured ones where jsonschema looks.
// Nobody can send one: it is drawn anew by each process.
var standInPrefix = "understudy measured string " + strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36) + " "

// standIn gives a short string for jsonschema, from which measuredBy reads the length.
func (m Measured) standIn() string {
	return standInPrefix + strconv.Itoa(m.Length) + " " + hex.EncodeToString(m.Sum[:])
}

// standsIn tells whether a string stands for a measured one.
func standsIn(s string) bool { return strings.HasPrefix(s, standInPrefix) }

// measuredBy gives the length that a stand-in tells.
func measuredBy(s string) int {
	text, _, _ := strings.Cut(strings.TrimPrefix(s, standInPrefix), " ")
	length, _ := strconv.Atoi(text) // it is ours
	return length
}

// lenient is a pattern as jsonschema gets it, which stand-ins match.
type lenient struct{ *pattern.Pattern }

// MatchString implements jsonschema.Regexp.
func (p lenient) MatchString(s string) bool { return standsIn(s) || p.Pattern.MatchString(s) }
