package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

var expressVariable = regexp.MustCompile(`^:([A-Za-z0-9_]+)(?:\((.*)\))?$`)

// expressSegments reads a path as Express has it: /users/:id, /users/*.
func expressSegments(path string) ([]segment, bool) {
	var list []segment
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		variable := expressVariable.FindStringSubmatch(part)
		switch {
		case variable != nil && variable[2] == "":
			list = append(list, segment{name: variable[1]})
		case variable != nil:
			re, err := compile(variable[2])
			if err != nil {
				return nil, false
			}
			list = append(list, segment{name: variable[1], pattern: re, written: variable[2]})
		case part == "*" || part == "(.*)":
			list = append(list, segment{pattern: regexp.MustCompile(".*"), written: ".*", spans: true, any: true})
		case strings.ContainsAny(part, ":*?+()[]{}"):
			return nil, false
		default:
			list = append(list, segment{fixed: plain(part)})
		}
	}
	return list, true
}

// isBase tells whether segments are a base path of a contract, or none.
func (m *maker) isBase(segments []segment) bool {
	path := ""
	for i := range segments {
		path += "/" + segments[i].fixed
	}
	return path == "" || slices.ContainsFunc(m.apis, func(c *contract.Contract) bool { return slices.Contains(c.Bases, path) })
}
