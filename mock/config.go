package mock

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ReadConfig reads a configuration file (understudy.yaml): a flat mapping whose
// keys are the long names of flags. Lists give several values. known are the
// names there may be; another key is an error with its place.
func ReadConfig(path string, known []string) (map[string][]string, error) {
	data, err := source.ReadSmall(path)
	if err != nil {
		return nil, err
	}
	root, found := source.Parse(&source.File{Name: path, Data: data}, source.Options{})
	if err := found.Err(); err != nil {
		return nil, err
	}
	values := map[string][]string{}
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
		values[key] = []string{n.Scalar()}
		if n.Is(source.Array) {
			values[key] = nil
			for _, item := range n.Items() {
				values[key] = append(values[key], item.Scalar())
			}
		} else if n.Is(source.Object) {
			found = append(found, source.Diagnostic{Code: codeConfig, At: n.KeyAt(), Message: fmt.Sprintf("%s takes a value or a list, not a mapping", key)})
		}
	}
	return values, found.Err()
}

// codeConfig is the code of findings in the configuration file.
const codeConfig source.Code = "bad-configuration"
