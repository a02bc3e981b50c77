package scenario

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// withoutFollowing leaves out what was found, from the given finding on, about a stub
// or a response as a whole where a key of it is unknown: what is missing there is
// mostly what the key was to say.
func (c *compiler) withoutFollowing(from int, s *stubSpec) {
	if !s.unknownKey {
		return
	}
	whole := []source.Span{s.node.At()}
	for _, r := range s.responds {
		whole = append(whole, r.node.At())
	}
	kept := slices.DeleteFunc(c.list[from:], func(d source.Diagnostic) bool { return slices.Contains(whole, d.At) })
	c.list = c.list[:from+len(kept)]
}

// tellOnce leaves one of the warnings about the same undeclared parameter, which many
// stubs of a file may name, and says how many more there are.
func (l *loader) tellOnce(from int) {
	first := map[string]int{}
	more := map[int]int{}
	kept := l.list[:from:from]
	for _, d := range l.list[from:] {
		if d.Code == CodeUndeclaredParameter {
			if i, told := first[d.Message]; told {
				more[i]++
				continue
			}
			first[d.Message] = len(kept)
		}
		kept = append(kept, d)
	}
	for i, n := range more {
		kept[i].Message += fmt.Sprintf(" (and %d more of the file)", n)
	}
	l.list = kept
}
