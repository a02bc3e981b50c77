package schema

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// requirement is a name in required or dependentRequired.
type requirement struct {
	name string
	at   *source.Node
}

func (r *reader) required(at *source.Node) {
	if at.Kind == source.Bool {
		r.ignore(at, "must be a list of property names", "list the property in the required of the object that holds it")
		return
	}
	if names, ok := r.requirements(at, at); ok && len(names) > 0 {
		r.add(word{name: "required", at: at, arg: names})
	}
}

// requirements reads a list of names; what is no name is told and left out.
func (r *reader) requirements(list, at *source.Node) ([]requirement, bool) {
	if list.Kind != source.Array {
		r.ignore(at, "must be a list of property names", "")
		return nil, false
	}
	var names []requirement
	seen := map[string]bool{}
	for _, item := range list.Items() {
		if item.Kind != source.String {
			r.warn(CodeKeywordIgnored, item, fmt.Sprintf("this is no property name: %s is not enforced for it", at.Key), "put it into quotes")
			continue
		}
		if !seen[item.Text] {
			names = append(names, requirement{item.Text, item})
		}
		seen[item.Text] = true
	}
	return names, true
}

// dependency says which properties must stand beside property.
type dependency struct {
	property string
	names    []requirement
}

func (r *reader) dependentRequired(at *source.Node) {
	if at.Kind != source.Object {
		r.ignore(at, "must be an object of lists", "")
		return
	}
	var all []dependency
	for _, list := range members(at) {
		if names, ok := r.requirements(list, at); ok {
			all = append(all, dependency{list.Key, names})
		}
	}
	r.add(word{name: "dependentRequired", at: at, arg: all})
}

// dependencies reads what became dependentRequired and dependentSchemas in 2019.
func (r *reader) dependencies(at *source.Node) {
	if at.Kind != source.Object {
		r.ignore(at, "must be an object of lists and schemas", "")
		return
	}
	var lists []dependency
	schemas := word{name: "dependentSchemas", at: at}
	for _, member := range members(at) {
		if member.Kind != source.Array {
			schemas.subs = append(schemas.subs, sub{key: member.Key, node: member})
		} else if names, ok := r.requirements(member, at); ok {
			lists = append(lists, dependency{member.Key, names})
		}
	}
	if lists != nil {
		r.add(word{name: "dependentRequired", at: at, arg: lists})
	}
	if schemas.subs != nil {
		r.add(schemas)
	}
}
