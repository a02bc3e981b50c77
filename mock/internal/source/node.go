package source

import (
	"iter"
	"slices"
)

// Kind is the JSON type of a Node.
type Kind uint8

// The kinds of a Node. YAML values are reduced to them: dates are strings.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String gives the name that JSON Schema uses for the type.
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Node is one value of a raw tree. Members of objects keep their order and
// numbers their text. A tree is immutable once it was returned by Parse or Link,
// and then safe for concurrent use. Methods accept a nil *Node and answer as for
// a value that is not there, so that look-ups can be chained.
type Node struct {
	Kind Kind
	// Key is the member name where the parent is an object, else "".
	Key string
	// Text is a string's value, a number as a JSON number literal as written
	// ("1.0" stays "1.0"), or "true" and "false". Empty for null, arrays, objects.
	Text string
	// Kids are an array's items or an object's members, in file order.
	Kids []Node

	parent    *Node
	file      *File
	at, keyAt uint32
}

// New makes a node that is in no file of its own and points at origin's place:
// the way to build a converted tree whose parts still tell where they came from.
// The tree must be given to Link before its parents and pointers are asked for.
func New(origin *Node, kind Kind, key, text string, kids ...Node) Node {
	n := Node{Kind: kind, Key: key, Text: text, Kids: kids}
	if origin != nil {
		n.file, n.at, n.keyAt = origin.file, origin.at, origin.keyAt
	}
	return n
}

// Renamed gives a copy of n as the member key of another object, which Link makes a part
// of that object's tree and of no other.
func (n *Node) Renamed(key string) Node {
	c := *n
	c.Key = key
	return c
}

// Link sets the parents below a root that was put together with New, and gives
// the root back. What is taken from other trees is copied: those stay as they are.
func Link(root *Node) *Node {
	if root.borrows() {
		root.Kids = slices.Clone(root.Kids)
	}
	for i := range root.Kids {
		root.Kids[i].parent = root
		Link(&root.Kids[i])
	}
	return root
}

// borrows tells whether n holds the kids of another node.
func (n *Node) borrows() bool {
	for i := range n.Kids {
		if parent := n.Kids[i].parent; parent != nil && parent != n {
			return true
		}
	}
	return false
}

// Clone gives a linked root that is a deep copy of n and keeps its places.
func (n *Node) Clone() *Node {
	c := n.copyTree()
	return Link(&c)
}

func (n *Node) copyTree() Node {
	c := *n
	c.parent = nil
	if n.Kids != nil {
		c.Kids = make([]Node, len(n.Kids))
		for i := range n.Kids {
			c.Kids[i] = n.Kids[i].copyTree()
		}
	}
	return c
}

// File is the file in which the node stands, nil for none.
func (n *Node) File() *File {
	if n == nil {
		return nil
	}
	return n.file
}

// Parent is the node's array or object, nil for a root.
func (n *Node) Parent() *Node {
	if n == nil {
		return nil
	}
	return n.parent
}

// Root is the topmost node of the tree.
func (n *Node) Root() *Node {
	for n != nil && n.parent != nil {
		n = n.parent
	}
	return n
}

// Get gives the member of an object, nil where there is none. Of members with
// the same name the last counts, as in most JSON readers.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Object {
		return nil
	}
	for i := len(n.Kids) - 1; i >= 0; i-- {
		if n.Kids[i].Key == key {
			return &n.Kids[i]
		}
	}
	return nil
}

// Has tells whether an object has the member, also when its value is null.
func (n *Node) Has(key string) bool { return n.Get(key) != nil }

// Items iterates over an array's items; over nothing for other kinds.
func (n *Node) Items() iter.Seq2[int, *Node] { return n.kids(Array) }

// Members iterates over an object's members by name; over nothing for other kinds.
func (n *Node) Members() iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		for _, kid := range n.kids(Object) {
			if !yield(kid.Key, kid) {
				return
			}
		}
	}
}

func (n *Node) kids(kind Kind) iter.Seq2[int, *Node] {
	return func(yield func(int, *Node) bool) {
		if n == nil || n.Kind != kind {
			return
		}
		for i := range n.Kids {
			if !yield(i, &n.Kids[i]) {
				return
			}
		}
	}
}

// Str gives the value of a string, "" for anything else.
func (n *Node) Str() string {
	if n == nil || n.Kind != String {
		return ""
	}
	return n.Text
}

// Scalar gives the text of a string, number or boolean, "" for anything else: the
// reading for places where people leave out the quotes, such as a version.
func (n *Node) Scalar() string {
	if n == nil {
		return ""
	}
	return n.Text
}

// IsTrue tells whether the node is the boolean true.
func (n *Node) IsTrue() bool { return n != nil && n.Kind == Bool && n.Text == "true" }

// Is tells whether the node is there and of the kind.
func (n *Node) Is(kind Kind) bool { return n != nil && n.Kind == kind }

// At is the span of the value, or of the key where the value is an array or an
// object below a key: the first line of what the node is about.
func (n *Node) At() Span {
	if n == nil || n.file == nil {
		return Span{}
	}
	if n.Key != "" && (n.Kind == Array || n.Kind == Object) {
		return n.KeyAt()
	}
	return n.file.token(n.at)
}

// KeyAt is the span of the member's name, and of the value where there is none.
func (n *Node) KeyAt() Span {
	if n == nil || n.file == nil {
		return Span{}
	}
	if n.Key == "" {
		return n.file.token(n.at)
	}
	return n.file.token(n.keyAt)
}
