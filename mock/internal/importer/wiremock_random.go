package importer

import (
	"fmt"
	"math"
	"strconv"
)

// Expressions have no random source but uuid(). The digits of its SHA-256 are as random
// as those of WireMock.

const (
	// maxRandom is how many characters a random text may have: the hexadecimal digits of
	// a SHA-256.
	maxRandom = 64
	// maxRandomDigits is how many digits make an integer of 64 bits for certain. The
	// hexadecimal digits of two hashes have more decimal ones than that among them, but
	// for a chance far below one of a million million.
	maxRandomDigits = 18
)

// randomBelow is an expression for an integer from 0 to less than n. It has 48 bits, so
// that the remainder prefers no number of 32 by more than a 65536th.
func randomBelow(n int64) string {
	return fmt.Sprintf(`reduce(split(sha256(uuid())[0:12], ""), #acc * 16 + indexOf("0123456789abcdef", #), 0) %% %d`, n)
}

// randomOf is an expression for so many characters of an alphabet.
func randomOf(alphabet string, length int) string {
	return fmt.Sprintf(`join(map(1..%d, let i = %s; %q[i:i + 1]), "")`, length, randomBelow(int64(len(alphabet))), alphabet)
}

// randomValue maps a random text, in lower case as WireMock makes it where nothing else is
// said. Its symbols have no expression.
func randomValue(options []string) (phrase, bool) {
	if !optionsAre(options, "type", "length", "uppercase") {
		return phrase{}, false
	}
	kind, stated := option(options, "type")
	if !stated {
		kind = "ALPHANUMERIC"
	}
	length := 36 // WireMock's
	if text, ok := option(options, "length"); ok {
		var err error
		if length, err = strconv.Atoi(text); err != nil || length < 1 {
			return phrase{}, false
		}
	}
	const letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	var p phrase
	switch {
	case kind == "UUID":
		p = textual("uuid()")
	case kind == "HEXADECIMAL" && length <= maxRandom:
		p = textual(fmt.Sprintf("sha256(uuid())[0:%d]", length))
	case kind == "ALPHABETIC" && length <= maxRandom:
		p = textual(randomOf(letters, length))
	case kind == "ALPHANUMERIC" && length <= maxRandom:
		p = textual(randomOf(letters+digits, length))
	case kind == "NUMERIC" && length <= maxRandomDigits:
		p = textual(fmt.Sprintf(`join(take(filter(split(sha256(uuid()) + sha256(uuid()), ""), # < "a"), %d), "")`, length))
		p.number = "int(" + p.code + ")"
		return p, true // has no letters
	default:
		return phrase{}, false
	}
	switch upper, stated := option(options, "uppercase"); {
	case !stated || upper == "false":
		return p, true
	case upper == "true":
		return textual("upper(" + p.code + ")"), true
	}
	return phrase{}, false
}

// randomInt maps a random integer, from lower to upper without upper.
func randomInt(options []string) (phrase, bool) {
	lower, okLower := bound(options, "lower", math.MinInt32)
	upper, okUpper := bound(options, "upper", math.MaxInt32)
	if !okLower || !okUpper || lower >= upper || !optionsAre(options, "lower", "upper") {
		return phrase{}, false
	}
	code := randomBelow(upper - lower)
	switch {
	case lower > 0:
		code += fmt.Sprintf(" + %d", lower)
	case lower < 0:
		code += fmt.Sprintf(" - %d", -lower)
	}
	return phrase{code: code}, true
}

// bound reads a bound of 32 bits.
func bound(options []string, name string, otherwise int64) (int64, bool) {
	text, ok := option(options, name)
	if !ok {
		return otherwise, true
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return n, err == nil
}
