package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"gopkg.in/yaml.v3"
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
	// 0 means DefaultMaxNodes.
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
	p := &parser{file: file, opts: opts, at: cursor{file: file}}
	if len(file.Data) > math.MaxInt32 {
		p.add(CodeTooLarge, Error, Span{File: file}, "the file is larger than 2 GiB")
		return nil, p.found
	}
	data := bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	isJSON := strings.EqualFold(path.Ext(file.Name), ".json")
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

type parser struct {
	file  *File
	opts  Options
	found Diagnostics
	nodes int
	at    cursor
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

// json reads the text behind the first skip bytes.
func (p *parser) json(skip int) (*Node, error) {
	// Duplicate names are found by unique, with both positions.
	dec := jsontext.NewDecoder(bytes.NewBuffer(p.file.Data[skip:]), jsontext.AllowDuplicateNames(true))
	r := jsonReader{parser: p, dec: dec, skip: skip}
	root, err := r.value(1)
	if err != nil {
		return nil, err
	}
	end := int(dec.InputOffset())
	if rest := bytes.TrimLeft(p.file.Data[skip+end:], " \t\r\n"); len(rest) > 0 {
		p.add(CodeSyntax, Error, p.file.token(uint32(len(p.file.Data)-len(rest))), "there is more text after the end of the JSON value")
		return nil, errors.New("trailing text")
	}
	return &root, nil
}

type jsonReader struct {
	*parser
	dec  *jsontext.Decoder
	skip int
	// stack collects the kids of all open arrays and objects, so that each gets
	// a slice of exactly its size in the end.
	stack []Node
}

// str reads a string token; it gives the text and where the token begins.
func (r *jsonReader) str() (string, uint32, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return "", 0, err
	}
	at := uint32(r.skip + int(r.dec.InputOffset()) - len(raw))
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), at, nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), at, err
}

func (r *jsonReader) value(depth int) (Node, error) {
	n := Node{file: r.file}
	switch kind := r.dec.PeekKind(); kind {
	case '{', '[':
		if _, err := r.dec.ReadToken(); err != nil {
			return n, err
		}
		n.at = uint32(r.skip + int(r.dec.InputOffset()) - 1)
		n.Kind = Object
		if kind == '[' {
			n.Kind = Array
		}
		if err := r.count(n.at, depth); err != nil {
			return n, err
		}
		base := len(r.stack)
		for closing := kind + 2; r.dec.PeekKind() != closing; {
			var key string
			var keyAt uint32
			var err error
			if kind == '{' {
				if key, keyAt, err = r.str(); err != nil {
					return n, err
				}
			}
			kid, err := r.value(depth + 1)
			if err != nil {
				return n, err
			}
			kid.Key, kid.keyAt = key, keyAt
			r.stack = append(r.stack, kid)
		}
		if _, err := r.dec.ReadToken(); err != nil {
			return n, err
		}
		n.Kids = append(make([]Node, 0, len(r.stack)-base), r.stack[base:]...)
		clear(r.stack[base:])
		r.stack = r.stack[:base]
		if kind == '{' {
			n.Kids = r.unique(n.Kids)
		}
		return n, nil
	case '"':
		text, at, err := r.str()
		n.Kind, n.Text, n.at = String, text, at
		if err != nil {
			return n, err
		}
	default:
		raw, err := r.dec.ReadValue()
		if err != nil {
			return n, err
		}
		n.at = uint32(r.skip + int(r.dec.InputOffset()) - len(raw))
		switch kind {
		case '0':
			n.Kind, n.Text = Number, string(raw)
		case 't', 'f':
			n.Kind, n.Text = Bool, map[jsontext.Kind]string{'t': "true", 'f': "false"}[kind]
		}
	}
	return n, r.count(n.at, depth)
}

func (p *parser) addJSONError(err error, skip int) {
	at := Span{File: p.file, Off: uint32(len(p.file.Data))}
	message := err.Error()
	if err == io.EOF {
		message = "there is nothing in it"
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at = p.file.token(uint32(min(skip+int(syntax.ByteOffset), len(p.file.Data))))
		message = strings.TrimPrefix(syntax.Err.Error(), "jsontext: ")
		if strings.Contains(message, "EOF") {
			message = "the text ends in the middle of a value"
		}
	}
	p.add(CodeSyntax, Error, at, "this is not JSON: "+message)
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
	dec := yaml.NewDecoder(bytes.NewReader(p.file.Data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if err.Error() == "EOF" {
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
	} else if err.Error() != "EOF" {
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
	line, message := 1, err.Error()
	if m := yamlErrorLine.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
		message = m[2]
	}
	text := p.file.lineText(line)
	indent := len(text) - len(strings.TrimLeft(text, " \t"))
	at := Span{File: p.file, Off: p.at.offset(line, 1+indent), Len: uint32(max(1, len(strings.TrimSpace(text))))}
	p.add(CodeSyntax, Error, at, "this is not YAML: "+message).Hint = yamlHint(text)
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
	case strings.HasPrefix(value, "@"), strings.HasPrefix(value, "`"), strings.HasPrefix(value, "%"):
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
		return out, y.mapping(n, &out, depth)
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
		kid.Key, kid.keyAt = key.Value, y.at.offset(n.Content[i].Line, n.Content[i].Column)
		out.Kids = append(out.Kids, kid)
	}
	out.Kids = y.unique(out.Kids)
	for _, kid := range merged {
		if !out.Has(kid.Key) {
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

// scalar decides the type by the core schema of YAML 1.2 (section 10.3.2), in
// which yes, on, dates and 1_000 are text.
func (y *yamlReader) scalar(n *yaml.Node, out *Node) {
	out.Kind, out.Text = String, n.Value
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Tag == "!!str" && n.Style&yaml.TaggedStyle != 0 {
		return
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		out.Kind, out.Text = Null, ""
		return
	case "true", "True", "TRUE":
		out.Kind, out.Text = Bool, "true"
		return
	case "false", "False", "FALSE":
		out.Kind, out.Text = Bool, "false"
		return
	}
	text, ambiguous, ok := yamlNumber(n.Value)
	if !ok {
		return
	}
	out.Kind, out.Text = Number, text
	if ambiguous {
		d := y.add(CodeAmbiguousValue, y.leniently(), out.file.token(out.at), fmt.Sprintf("%s is read as %s by some and as text or an octal number by others", n.Value, text))
		d.Hint = fmt.Sprintf("write %q for the text or %s for the number", n.Value, text)
	}
}

var (
	yamlInt   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	yamlFloat = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// yamlNumber writes a number of YAML's core schema as a JSON literal. It is
// ambiguous where YAML 1.1 and 1.2 read it differently.
func yamlNumber(s string) (text string, ambiguous, ok bool) {
	if c := s[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return "", false, false
	}
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'o') {
		base := 16
		if s[1] == 'o' {
			base = 8
		}
		u, err := strconv.ParseUint(s[2:], base, 64)
		return strconv.FormatUint(u, 10), false, err == nil
	}
	isInt := yamlInt.MatchString(s)
	if !isInt && !yamlFloat.MatchString(s) {
		return "", false, false
	}
	sign, rest := "", s
	if rest[0] == '+' || rest[0] == '-' {
		sign, rest = strings.TrimPrefix(rest[:1], "+"), rest[1:]
	}
	digits := strings.TrimLeft(rest, "0")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		digits = "0" + digits
	}
	whole, fraction, exponent := digits, "", ""
	if i := strings.IndexAny(whole, "eE"); i >= 0 {
		whole, exponent = whole[:i], whole[i:]
	}
	if i := strings.IndexByte(whole, '.'); i >= 0 {
		whole, fraction = whole[:i], strings.TrimSuffix(whole[i:], ".")
	}
	return sign + whole + fraction + exponent, isInt && len(rest) > 1 && rest[0] == '0', true
}

// AppendJSONString appends s as a JSON string. Bytes that are not UTF-8 become
// the replacement character, as JSON cannot hold them.
func AppendJSONString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}

// token guesses the extent of the token at off for the caret: a quoted string,
// else a run of characters up to what ends a plain word in YAML or JSON.
func (f *File) token(off uint32) Span {
	data := f.Data[min(int(off), len(f.Data)):]
	if len(data) == 0 {
		return Span{File: f, Off: off}
	}
	if line := bytes.IndexByte(data, '\n'); line >= 0 {
		data = data[:line]
	}
	n := 0
	if len(data) > 0 && (data[0] == '"' || data[0] == '\'') {
		for n = 1; n < len(data) && data[n] != data[0]; n++ {
			if data[n] == '\\' && data[0] == '"' {
				n++
			}
		}
		n = min(n+1, len(data))
	} else {
		for n < len(data) {
			c := data[n]
			if c == '\r' || c == ',' || c == '}' || c == ']' || (c == ':' && (n+1 == len(data) || data[n+1] == ' ' || data[n+1] == '\r')) || (c == '#' && n > 0 && data[n-1] == ' ') {
				break
			}
			n++
		}
		n = len(bytes.TrimRight(data[:n], " \t\r"))
		if n > 60 {
			n = 60
		}
	}
	return Span{File: f, Off: off, Len: uint32(max(n, 1))}
}
