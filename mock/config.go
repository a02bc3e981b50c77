package mock

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Setting is a value that a configuration file gives a flag.
type Setting struct {
	Value string
	at    source.Span
}

// Refuse makes an error that shows where in its file the value stands. hint says what to
// write instead; it may be "".
func (s Setting) Refuse(message, hint string) error {
	return source.Diagnostics{{Code: codeConfig, At: s.at, Message: message, Hint: hint}}
}

// Place is where in its file the value stands, for what must not show it.
func (s Setting) Place() string { return s.at.String() }

// ReadConfig reads a configuration file (understudy.yaml): a flat mapping whose
// keys are the long names of flags. Lists give several values. known are the
// names there may be; another key is an error with its place.
func ReadConfig(path string, known []string) (map[string][]Setting, error) {
	data, err := source.ReadSmall(path)
	if err != nil {
		return nil, err
	}
	root, found := source.Parse(&source.File{Name: path, Data: data}, source.Options{})
	if err := found.Err(); err != nil {
		return nil, err
	}
	values := map[string][]Setting{}
	if root.Is(source.Null) {
		return values, nil
	}
	if !root.Is(source.Object) {
		return nil, source.Diagnostics{{Code: codeConfig, At: root.At(), Message: "the configuration is not a mapping", Hint: "write one flag a line, such as: port: 4010"}}
	}
	isKnown := map[string]bool{}
	for _, name := range known {
		isKnown[name] = true
	}
	for key, n := range root.Members() {
		if !isKnown[key] {
			found = append(found, source.Diagnostic{Code: codeConfig, At: n.KeyAt(), Message: fmt.Sprintf("there is no setting %q", key), Hint: source.DidYouMean(key, known)})
			continue
		}
		items := []*source.Node{n}
		if n.Is(source.Array) {
			items = items[:0]
			for _, item := range n.Items() {
				items = append(items, item)
			}
		}
		values[key] = make([]Setting, 0, len(items))
		for _, item := range items {
			switch item.Kind {
			case source.Object, source.Array:
				found = append(found, source.Diagnostic{Code: codeConfig, At: item.At(), Message: fmt.Sprintf("%s takes a value or a list of values", key)})
			case source.Null:
				found = append(found, source.Diagnostic{Code: codeConfig, At: item.At(), Message: fmt.Sprintf("%s has no value", key), Hint: "write one, or leave the setting out"})
			default:
				values[key] = append(values[key], Setting{item.Scalar(), item.At()})
			}
		}
	}
	return values, found.Err()
}

// codeConfig is the code of findings in the configuration file.
const codeConfig source.Code = "bad-configuration"
