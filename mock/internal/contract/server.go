package contract

import (
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxBases bounds the base paths that server variables with enums multiply to.
const maxBases = 32

// serverBases gives the base paths of a servers list, each once, in file order;
// nil where there is none. Every value that an enum allows to a variable gives a
// base path of its own.
func (l *loader) serverBases(servers *source.Node) []string {
	var bases []string
	for _, n := range servers.Items() {
		server, ok := model[openapi3.Server](&l.findings, n)
		if !ok {
			continue
		}
		for _, raw := range expandServer(server.URL, server.Variables) {
			base, ok := basePath(raw)
			if !ok {
				l.add(CodeNotReadable, source.Warning, n.Get("url").At(), "the base path of this server cannot be read", "write a URL such as https://example.com/v1")
				continue
			}
			if !slices.Contains(bases, base) && len(bases) < maxBases {
				bases = append(bases, base)
			}
		}
	}
	return bases
}

// expandServer replaces the variables of a server URL by their defaults and by
// every value of their enums.
func expandServer(raw string, variables map[string]*openapi3.ServerVariable) []string {
	open := strings.IndexByte(raw, '{')
	end := strings.IndexByte(raw, '}')
	if open < 0 || end < open {
		return []string{raw}
	}
	name := raw[open+1 : end]
	values := []string{name}
	if v := variables[name]; v != nil {
		values = []string{v.Default}
		for _, value := range v.Enum {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	var all []string
	behind := expandServer(raw[end+1:], variables) // once, and not for each value
	for _, value := range values[:min(len(values), maxBases)] {
		for _, rest := range behind {
			if len(all) < maxBases {
				all = append(all, raw[:open]+value+rest)
			}
		}
	}
	return all
}

// basePath gives the path of a server URL, which may be relative.
func basePath(raw string) (string, bool) {
	u, err := url.Parse(raw)
	if err != nil {
		// A variable in the host may leave text that is no host; only the path counts.
		_, rest, found := strings.Cut(raw, "://")
		if !found {
			return "", false
		}
		_, p, _ := strings.Cut(rest, "/")
		return cleanBase(p), true
	}
	return cleanBase(u.EscapedPath()), true
}

// cleanBase writes a base path with one leading and no trailing slash, "" for the root, in
// its canonical form.
func cleanBase(p string) string {
	p = canonical(strings.Trim(p, "/"))
	if p == "" || p == "." {
		return ""
	}
	return "/" + p
}
