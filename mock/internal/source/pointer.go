package source

import (
	"strconv"
	"strings"
)

// Pointer is the JSON pointer (RFC 6901) from the root to the node; "" for the root.
func (n *Node) Pointer() string {
	if n == nil || n.parent == nil {
		return ""
	}
	if n.parent.Kind == Array {
		for i := range n.parent.Kids {
			if &n.parent.Kids[i] == n {
				return n.parent.Pointer() + "/" + strconv.Itoa(i)
			}
		}
	}
	return n.parent.Pointer() + "/" + EscapePointer(n.Key)
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")

// EscapePointer writes one reference token of a JSON pointer (RFC 6901 section 3).
func EscapePointer(token string) string { return pointerEscaper.Replace(token) }

// UnescapePointer reads one reference token of a JSON pointer (RFC 6901 section 4).
func UnescapePointer(token string) string { return pointerUnescaper.Replace(token) }

// Find follows a JSON pointer ("" or "/a/b~1c/0"); nil where it leads nowhere.
func (n *Node) Find(pointer string) *Node {
	if pointer == "" {
		return n
	}
	if n == nil || pointer[0] != '/' {
		return nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = UnescapePointer(token)
		if n != nil && n.Kind == Array {
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.Kids) || strconv.Itoa(i) != token {
				return nil
			}
			n = &n.Kids[i]
			continue
		}
		if n = n.Get(token); n == nil {
			return nil
		}
	}
	return n
}
