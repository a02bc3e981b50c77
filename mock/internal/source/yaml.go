package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxMarks bounds what may stand before a value in YAML: commas, colons, dashes, brackets and
// ends of lines. yaml.v3 takes hundreds of bytes for each value before any of them can be
// counted.
const maxMarks = 10_000_000

// hasManyMarks tells whether a text may have more values than are read.
func hasManyMarks(text []byte) bool {
	if len(text) <= maxMarks {
		return false
	}
	n := 0
	for _, mark := range []byte(",:-?[{\n") {
		n += bytes.Count(text, []byte{mark})
	}
	return n > maxMarks
}

// yaml reads the whole text as one YAML document.
func (p *parser) yaml() (root *Node) {
	defer func() {
		// yaml.v3 has panicked on malformed input before; that is no reason for us to.
		if e := recover(); e != nil {
			p.add(CodeSyntax, Error, Span{File: p.file}, fmt.Sprint("this is not YAML: ", e))
			root = nil
		}
	}()
	if hasManyMarks(p.file.Data) {
		p.add(CodeTooLarge, Error, Span{File: p.file}, fmt.Sprintf("the file has more than %d commas, colons, dashes, brackets and lines", maxMarks)).Hint = "split it by $ref, or write it as JSON"
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(p.file.Data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return &Node{file: p.file}
		}
		p.addYAMLError(err)
		return nil
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		d := p.add(CodeManyDocuments, Error, p.file.token(p.at.offset(second.Line, second.Column)), "a second YAML document begins here")
		d.Hint = "one file holds one document: move what follows the --- to a file of its own"
		return nil
	} else if !errors.Is(err, io.EOF) {
		p.addYAMLError(err)
		return nil
	}
	y := yamlReader{parser: p, open: map[*yaml.Node]bool{}}
	n, err := y.value(&doc, 0)
	if err != nil {
		return nil
	}
	return &n
}

var yamlErrorLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?(.*)$`)

func (p *parser) addYAMLError(err error) {
	if p.addEncodingError() {
		return
	}
	line, message := 1, err.Error()
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
		message = m[2]
	}
	misplaced := yamlMisplaced.MatchString(message)
	if misplaced {
		line = yamlStop(p.file.Data)
	}
	text := string(p.file.lineText(line))
	at := Span{File: p.file, Off: p.at.offset(line, 1+indentOf(text)), Len: uint32(max(1, len(strings.TrimSpace(text))))}
	d := p.add(CodeSyntax, Error, at, "this is not YAML: "+message)
	if d.Hint = yamlHint(text); misplaced {
		d.Hint = cmp.Or(yamlIndentHint(p.file.Data, line), yamlDashHint(message, text), d.Hint)
	}
	d.explain(p.file)
}

// yamlHint guesses, from the line at which the reader stopped, what was meant.
func yamlHint(line string) string {
	trimmed := strings.TrimSpace(line)
	_, value, _ := strings.Cut(trimmed, ": ")
	flow := strings.ContainsAny(value, "{[") && !strings.Contains(value, "${") // where ": " may be right
	switch {
	case strings.HasPrefix(line, "\t") || strings.HasPrefix(strings.TrimLeft(line, " "), "\t"):
		return "indent with spaces: YAML does not allow tabs there"
	case strings.Contains(value, "${") && !strings.ContainsAny(value[:1], `"'|>`):
		return `put a value that holds ${ } into double quotes`
	case !flow && strings.Contains(value, ": "):
		return `put a value that holds ": " into double quotes`
	case strings.HasPrefix(trimmed, "*:"):
		return `put * into double quotes`
	case value != "" && strings.Contains("@`%*", value[:1]):
		return "put this value into double quotes"
	case strings.Contains(value, " #"):
		return `" #" begins a comment: put the value into double quotes`
	}
	return "check the indentation and the quotes of this line and the one before it"
}

type yamlReader struct {
	*parser
	open map[*yaml.Node]bool // aliases' targets that are being expanded
}

func (y *yamlReader) span(n *yaml.Node) Span { return y.file.token(y.at.offset(n.Line, n.Column)) }

func (y *yamlReader) value(n *yaml.Node, depth int) (Node, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return y.value(n.Content[0], depth+1)
	case yaml.AliasNode:
		if y.open[n.Alias] {
			y.add(CodeAliasCycle, Error, y.span(n), fmt.Sprintf("the alias *%s stands inside of what it repeats", n.Value))
			return Node{}, errLimit
		}
		y.open[n.Alias] = true
		defer delete(y.open, n.Alias)
		return y.value(n.Alias, depth)
	}
	out := Node{file: y.file, at: y.at.offset(n.Line, n.Column)}
	if err := y.count(out.at, depth); err != nil {
		return out, err
	}
	switch n.Kind {
	case yaml.MappingNode:
		err := y.mapping(n, &out, depth)
		return out, err
	case yaml.SequenceNode:
		out.Kind, out.Kids = Array, make([]Node, 0, len(n.Content))
		for _, item := range n.Content {
			kid, err := y.value(item, depth+1)
			if err != nil {
				return out, err
			}
			out.Kids = append(out.Kids, kid)
		}
		return out, nil
	}
	y.scalar(n, &out)
	return out, nil
}

// mapping fills out with the members of n; merge keys (<<) add what is not
// stated, as YAML 1.1 defines them.
func (y *yamlReader) mapping(n *yaml.Node, out *Node, depth int) error {
	out.Kind, out.Kids = Object, make([]Node, 0, len(n.Content)/2)
	var merged []Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			y.add(CodeKeyNotText, Error, y.span(n.Content[i]), "a key must be plain text, not a list or a mapping").
				Hint = "put a value that begins with { or [ into double quotes"
			return errLimit
		}
		if y.open[n.Content[i+1]] {
			y.add(CodeAliasCycle, Error, y.span(key), "this value contains itself")
			return errLimit
		}
		kid, err := y.value(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, mergeSources(kid)...)
			continue
		}
		kid.Key, kid.keyAt = y.shared(key.Value), y.at.offset(n.Content[i].Line, n.Content[i].Column)
		out.Kids = append(out.Kids, kid)
	}
	out.Kids = y.unique(out.Kids)
	if len(merged) == 0 {
		return nil
	}
	stated := make(map[string]bool, len(out.Kids)+len(merged))
	for i := range out.Kids {
		stated[out.Kids[i].Key] = true
	}
	for _, kid := range merged {
		if !stated[kid.Key] {
			stated[kid.Key] = true
			out.Kids = append(out.Kids, kid)
		}
	}
	return nil
}

func mergeSources(n Node) []Node {
	if n.Kind != Array {
		return n.Kids
	}
	var all []Node
	for i := range n.Kids {
		all = append(all, n.Kids[i].Kids...)
	}
	return all
}
