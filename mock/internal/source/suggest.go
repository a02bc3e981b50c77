package source

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// DidYouMean gives a hint for a word that is none of the known ones: the one it
// was probably meant to be, else the list of them when it is short, else "".
// Candidates should come from the table that does the parsing.
func DidYouMean(word string, known []string) string {
	if best := Closest(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(known) == 0 || len(known) > 12 {
		return ""
	}
	sorted := slices.Clone(known)
	slices.Sort(sorted)
	if len(sorted) == 1 {
		return "expected " + sorted[0]
	}
	return "expected one of " + strings.Join(sorted, ", ")
}

// Closest gives the known word that differs from word by the fewest typing
// mistakes (a letter left out, added, replaced, two swapped, or the end left out), or
// "" if none is near: one mistake in short words, a third of the letters in longer ones.
// Two words of which no letter agrees are never near. Case does not count.
func Closest(word string, known []string) string {
	best, bestDistance := "", 1+max(1, len(word)/3)
	word = strings.ToLower(word)
	for _, k := range known {
		d := distance(word, strings.ToLower(k))
		if d >= max(utf8.RuneCountInString(word), utf8.RuneCountInString(k)) {
			continue
		}
		if len(word) >= 3 && strings.HasPrefix(strings.ToLower(k), word) {
			d = min(d, 1) // a word cut short
		}
		if d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the optimal string alignment distance.
func distance(a, b string) int {
	if len(a) > 100 || len(b) > 100 {
		return 100
	}
	s, t := []rune(a), []rune(b)
	rows := [3][]int{make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)}
	before, last, next := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		next[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(t)]
}
