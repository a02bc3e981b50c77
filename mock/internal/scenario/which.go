package scenario

import (
	"path"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// leaveOutBodies parses all files, and leaves out those that are no scenarios:
// bodies stand beside scenarios and have the same extensions. One that no scenario
// names is told, because what was to name it may be gone or misspelt.
func (l *loader) leaveOutBodies() {
	bodies := map[string]bool{}
	unread := false
	parsed := map[*file]source.Diagnostics{}
	for _, f := range l.files {
		f.root, parsed[f] = source.Parse(f.src, source.Options{})
		unread = unread || f.root == nil
		if isScenario(f.root) {
			noteBodies(f.root.Get("operations"), f, bodies)
		}
	}
	l.files = slices.DeleteFunc(l.files, func(f *file) bool {
		switch {
		case isScenario(f.root):
			return false
		case bodies[f.src.Name]:
			return true
		case f.folder == nil || mayBeScenario(f.root):
			return false
		}
		if !unread { // what cannot be read may name it
			l.warn(CodeNotAScenario, source.Span{File: f.src}, "this is no scenario, and no scenario names it as a body: it is left out", "a scenario has operations: {operationId: 409}; remove the file, or name it under respond: {file: …}")
		}
		return true
	})
	for _, f := range l.files {
		l.list = append(l.list, parsed[f]...)
	}
}

func isScenario(root *source.Node) bool { return root.Get("operations") != nil }

// mayBeScenario tells whether a file was meant to be a scenario: it has one of the
// keys, if misspelt, or begins with its stubs. One that is empty or cannot be read
// gets findings of its own.
func mayBeScenario(root *source.Node) bool {
	switch {
	case root == nil || root.Is(source.Null):
		return true
	case root.Is(source.Array):
		return slices.ContainsFunc(root.Kids, func(item source.Node) bool { return seemsToBe(stubObject, &item) || seemsToBe(scenarioObject, &item) })
	}
	return seemsToBe(scenarioObject, root)
}

// seemsToBe tells whether one of the members of n has a key of the object, or one
// that is near to it, and a value such as the key takes.
func seemsToBe[T any](o *object[T], n *source.Node) bool {
	for key, value := range n.Members() {
		if f := o.field(source.Closest(key, o.names())); f != nil && f.kinds.has(value.Kind) {
			return true
		}
	}
	return false
}

// noteBodies collects the files that responses below n name.
func noteBodies(n *source.Node, f *file, bodies map[string]bool) {
	if n.Is(source.String) && n.Key == "file" && f.folder != nil {
		bodies[f.folder.shown(path.Join(path.Dir(f.path), n.Text))] = true
	}
	if n == nil {
		return
	}
	for i := range n.Kids {
		noteBodies(&n.Kids[i], f, bodies)
	}
}
