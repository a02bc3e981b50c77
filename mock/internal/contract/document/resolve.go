package document

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// refError is a reference that may not or cannot be followed.
type refError struct {
	code source.Code
	text string
	hint string
}

func (e *refError) Error() string { return e.text }

// identify notes every schema resource (a subtree with $id) of a document.
func (s *Set) identify(d *document, n *source.Node, base *url.URL) {
	if id := n.Get("$id").Str(); id != "" {
		if u, err := base.Parse(id); err == nil {
			base = withoutFragment(u)
			d.resources[base.String()] = n
			if s.byURI[base.String()] == nil {
				s.byURI[base.String()] = d
			}
		}
	}
	for i := range n.Kids {
		if isData(&n.Kids[i]) {
			continue
		}
		s.identify(d, &n.Kids[i], base)
	}
}

func withoutFragment(u *url.URL) *url.URL {
	c := *u
	c.Fragment, c.RawFragment = "", ""
	return &c
}

// Follow gives what n stands for: n itself, or the end of the chain of $ref that
// begins there. Siblings of $ref are the caller's to look at.
func (s *Set) Follow(n *source.Node) (*source.Node, error) {
	ref := n.Get("$ref")
	if !ref.Is(source.String) {
		return n, nil
	}
	s.refMu.Lock()
	defer s.refMu.Unlock()
	if target, ok := s.refs[n]; ok {
		return target, nil
	}
	target, err := s.chase(context.Background(), n)
	if err == nil {
		s.refs[n] = target
	}
	return target, err
}

// chase follows a chain of $ref to its end.
func (s *Set) chase(ctx context.Context, n *source.Node) (*source.Node, error) {
	target := n
	for ref, hops := n.Get("$ref"), 0; ref.Is(source.String); hops++ {
		if hops > maxHops {
			return nil, &refError{CodeRefCircular, "it leads back to itself", "one link of the circle must be a definition"}
		}
		next, err := s.resolve(ctx, target, ref.Text, new(int))
		if err != nil {
			return nil, err
		}
		target, ref = next, next.Get("$ref")
	}
	return target, nil
}

// maxHops bounds a chain of references.
const maxHops = 64

// Resolve gives the value that a reference in n leads to, one step far. Only
// files that Load has read are looked at.
func (s *Set) Resolve(n *source.Node, ref string) (*source.Node, error) {
	return s.resolve(context.Background(), n, ref, new(int))
}

// Base is the URI against which references in n are resolved: the nearest $id
// around it, else the file's (RFC 3986 section 5.1, JSON Schema core section 8.2).
func (s *Set) Base(n *source.Node) *url.URL {
	d := s.documentOf(n)
	if d == nil {
		return &url.URL{}
	}
	if !d.identified {
		return d.uri
	}
	var ids []string
	for at := n; at != nil; at = at.Parent() {
		if id := at.Get("$id").Str(); id != "" {
			ids = append(ids, id)
		}
	}
	base := d.uri
	for i := len(ids) - 1; i >= 0; i-- {
		if u, err := base.Parse(ids[i]); err == nil {
			base = withoutFragment(u)
		}
	}
	return base
}

// resolve counts every reference on the way in hops.
func (s *Set) resolve(ctx context.Context, n *source.Node, ref string, hops *int) (*source.Node, error) {
	if *hops++; *hops > maxHops {
		return nil, &refError{CodeRefCircular, "it goes round in a circle", "one link of the circle must be a definition"}
	}
	target, fragment, err := s.target(ctx, n, ref)
	if err != nil {
		return nil, err
	}
	if fragment == "" {
		return target, nil
	}
	if fragment[0] != '/' {
		if found := anchor(target, fragment, true); found != nil {
			return found, nil
		}
		return nil, &refError{CodeRefUnresolved, fmt.Sprintf("there is no $anchor %q", fragment), ""}
	}
	at, rest := target, fragment
	for rest != "" {
		token, more, deeper := strings.Cut(rest[1:], "/")
		next := at.Find("/" + token)
		if next == nil {
			// A pointer may lead through a reference.
			if via := at.Get("$ref").Str(); via != "" {
				if at, err = s.resolve(ctx, at, via, hops); err != nil {
					return nil, err
				}
				continue
			}
			var known []string
			for key := range at.Members() {
				known = append(known, key)
			}
			e := &refError{code: CodeRefUnresolved, text: fmt.Sprintf("there is no %q in %s", token, orRoot(at.Pointer()))}
			if best := source.Closest(token, known); best != "" {
				e.hint = fmt.Sprintf("did you mean %q?", best)
			}
			return nil, e
		}
		at = next
		if rest = ""; deeper { // the last token may be empty
			rest = "/" + more
		}
	}
	return at, nil
}

func orRoot(pointer string) string {
	if pointer == "" {
		return "the root"
	}
	return pointer
}

// target gives the root of the resource that a reference names, and its fragment.
func (s *Set) target(ctx context.Context, n *source.Node, ref string) (*source.Node, string, error) {
	if d := s.documentOf(n); d != nil && !d.identified && strings.HasPrefix(ref, "#") {
		// Nearly every reference is one into its own file: no URI is needed for it.
		if fragment, err := url.PathUnescape(ref[1:]); err == nil {
			return d.root, fragment, nil
		}
	}
	uri, err := s.Base(n).Parse(ref)
	if err != nil {
		return nil, "", &refError{CodeRefUnresolved, "it is not a URI reference", "write it as file.yaml#/path/to/it"}
	}
	fragment := uri.Fragment
	uri = withoutFragment(uri)
	d := s.byURI[uri.String()]
	if d == nil {
		d = metaschema(uri)
	}
	if d == nil && s.loaded {
		if err = s.failed[uri.String()]; err == nil {
			err = &refError{CodeRefUnresolved, fmt.Sprintf("nothing is known by the URI %s", uri), ""}
		}
		return nil, "", err
	}
	if d == nil {
		if s.root == nil && uri.Scheme == "file" && s.Main != nil && s.folder == "" {
			return nil, "", &refError{CodeRefOutside, "a remote description must not refer to local files", ""}
		}
		if d, err = s.read(ctx, uri, false); err != nil {
			s.failed[uri.String()] = err
			return nil, "", err
		}
	}
	if d == nil || d.root == nil {
		return nil, "", &refError{CodeRefUnresolved, fmt.Sprintf("%s could not be read", uri), ""}
	}
	if resource, ok := d.resources[uri.String()]; ok {
		return resource, fragment, nil
	}
	return d.root, fragment, nil
}

// Resource gives the root of the schema resource in which n stands: the nearest $id around
// it, else the root of its file (core section 4.3.5). Nil where no schema of the file has
// an $id or anchor.
func (s *Set) Resource(n *source.Node) *source.Node {
	if d := s.documentOf(n); d == nil || !d.identified {
		return nil
	}
	at := n
	for at.Get("$id").Str() == "" && at.Parent() != nil {
		at = at.Parent()
	}
	return at
}

// DynamicAnchors gives the schemas of one schema resource that have a $dynamicAnchor, by its
// name; of those with one name the first, as Resolve does. A resource with $recursiveAnchor
// is there by the name "".
func DynamicAnchors(resource *source.Node) map[string]*source.Node {
	found := map[string]*source.Node{}
	if resource.Get("$recursiveAnchor").IsTrue() {
		found[""] = resource
	}
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		if name := n.Get("$dynamicAnchor").Str(); name != "" && found[name] == nil {
			found[name] = n
		}
		for i := range n.Kids {
			if kid := &n.Kids[i]; !isData(kid) && kid.Get("$id").Str() == "" {
				walk(kid)
			}
		}
	}
	walk(resource)
	return found
}

// anchor finds $anchor or $dynamicAnchor within one schema resource.
func anchor(n *source.Node, name string, top bool) *source.Node {
	if !top && n.Get("$id").Str() != "" {
		return nil
	}
	if n.Get("$anchor").Str() == name || n.Get("$dynamicAnchor").Str() == name {
		return n
	}
	for i := range n.Kids {
		if isData(&n.Kids[i]) {
			continue
		}
		if found := anchor(&n.Kids[i], name, false); found != nil {
			return found
		}
	}
	return nil
}
