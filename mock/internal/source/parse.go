package source

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path"
	"strings"
)

// Codes of the findings that Parse reports.
const (
	CodeSyntax         Code = "syntax"
	CodeDuplicateKey   Code = "duplicate-key"
	CodeTooLarge       Code = "too-large"
	CodeAliasCycle     Code = "alias-cycle"
	CodeManyDocuments  Code = "several-documents"
	CodeAmbiguousValue Code = "ambiguous-value"
	CodeKeyNotText     Code = "key-not-text"
)

// Limits on what Parse accepts. Depth counts nested arrays and objects.
const (
	MaxDepth = 1000
	// DefaultMaxNodes is the limit on values in one file after YAML aliases were
	// expanded, unless Options names another.
	DefaultMaxNodes = 500_000
)

// Options sets how Parse treats a file. The zero value is the strict reading
// for files that people write for Understudy.
type Options struct {
	// MaxNodes bounds the values in the file after aliases were expanded;
	// 0 means DefaultMaxNodes. Aliases make no more than DefaultMaxNodes or one for each
	// byte of the file, whichever is more: a few lines of them could fill the memory.
	MaxNodes int
	// Lenient turns duplicate keys and ambiguous numbers into warnings, for
	// files that other tools accept too.
	Lenient bool
}

// Parse reads a YAML or JSON text into a raw tree. It returns a nil Node when
// the text cannot be read; the diagnostics then hold an error. Errors beside a
// tree (a duplicate key) leave it usable for further checks. An empty text gives
// a Null node. It never panics, whatever the text.
func Parse(file *File, opts Options) (*Node, Diagnostics) {
	if opts.MaxNodes == 0 {
		opts.MaxNodes = DefaultMaxNodes
	}
	opts.MaxNodes = min(opts.MaxNodes, max(DefaultMaxNodes, len(file.Data))) // without aliases a value takes a byte at least
	p := &parser{file: file, opts: opts, at: cursor{file: file}, texts: map[string]string{}}
	if len(file.Data) > math.MaxInt32 {
		p.add(CodeTooLarge, Error, Span{File: file}, "the file is larger than 2 GiB")
		return nil, p.found
	}
	data := bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	isJSON := p.isJSON()
	if isJSON || len(trimmed) > 0 && trimmed[0] == '{' {
		root, err := p.json(len(file.Data) - len(data))
		if err == nil {
			return Link(root), p.found
		}
		if isJSON || errors.Is(err, errLimit) {
			if len(p.found) == 0 {
				p.addJSONError(err, len(file.Data)-len(data))
			}
			return nil, p.found
		}
		// A flow mapping of YAML may look like JSON at first.
		p.found, p.nodes = nil, 0
	}
	root := p.yaml()
	if root == nil {
		return nil, p.found
	}
	return Link(root), p.found
}

func (p *parser) isJSON() bool { return strings.EqualFold(path.Ext(p.file.Name), ".json") }

type parser struct {
	file  *File
	opts  Options
	found Diagnostics
	nodes int
	at    cursor
	texts map[string]string // what shared has given
}

// maxShared bounds the texts of which equal ones share their memory, in bytes: longer ones
// are prose.
const maxShared = 64

// shared gives a text that equal ones in the file share. A file repeats its keys and names:
// what is one text takes its memory once, and is compared without a look at it.
func (p *parser) shared(text string) string {
	if len(text) > maxShared {
		return text
	}
	if known, ok := p.texts[text]; ok {
		return known
	}
	p.texts[text] = text
	return text
}

// sharedBytes is shared for bytes, which are copied where no text is equal to them.
func (p *parser) sharedBytes(text []byte) string {
	if known, ok := p.texts[string(text)]; ok {
		return known
	}
	return p.shared(string(text))
}

var errLimit = errors.New("limit exceeded")

func (p *parser) add(code Code, severity Severity, at Span, message string) *Diagnostic {
	p.found = append(p.found, Diagnostic{Code: code, Severity: severity, Message: message, At: at})
	return &p.found[len(p.found)-1]
}

// count notes one more node and fails at the limit.
func (p *parser) count(off uint32, depth int) error {
	p.nodes++
	switch {
	case p.nodes > p.opts.MaxNodes:
		p.add(CodeTooLarge, Error, p.file.token(off), fmt.Sprintf("the file holds more than %d values (aliases count each time they are used)", p.opts.MaxNodes))
		return errLimit
	case depth > MaxDepth:
		p.add(CodeTooLarge, Error, p.file.token(off), fmt.Sprintf("values are nested more than %d deep", MaxDepth))
		return errLimit
	}
	return nil
}

// leniently gives the severity of a finding that only strict files must not have.
func (p *parser) leniently() Severity {
	if p.opts.Lenient {
		return Warning
	}
	return Error
}

// unique tells of members with the same name. Where that is no error, only the last
// of them is kept, which is the one that Get gives.
func (p *parser) unique(kids []Node) []Node {
	before := len(p.found)
	p.duplicates(kids)
	if !p.opts.Lenient || len(p.found) == before {
		return kids
	}
	last := make(map[string]int, len(kids))
	for i := range kids {
		last[kids[i].Key] = i
	}
	kept := make([]Node, 0, len(last))
	for i := range kids {
		if last[kids[i].Key] == i {
			kept = append(kept, kids[i])
		}
	}
	return kept
}

func (p *parser) duplicates(kids []Node) {
	if len(kids) <= 16 {
		for i := range kids {
			for j := range i {
				if kids[i].Key == kids[j].Key {
					p.duplicateKey(&kids[i], &kids[j])
					break
				}
			}
		}
		return
	}
	first := make(map[string]int, len(kids))
	for i := range kids {
		if j, ok := first[kids[i].Key]; ok {
			p.duplicateKey(&kids[i], &kids[j])
			continue
		}
		first[kids[i].Key] = i
	}
}

func (p *parser) duplicateKey(again, before *Node) {
	d := p.add(CodeDuplicateKey, p.leniently(), again.KeyAt(), fmt.Sprintf("duplicate key %q", again.Key))
	d.Hint = "only one of them can count: remove or rename this one"
	d.Related = []Related{{At: before.KeyAt(), Message: "it is defined here first"}}
}
