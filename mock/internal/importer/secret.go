package importer

import (
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// secretNames are names of headers, parameters and properties whose values are secrets
// by their nature, in lower case and without signs between the words.
var secretNames = []string{
	"accesstoken", "apikey", "auth", "authorization", "authtoken", "bearertoken", "clientsecret", "cookie", "credential", "credentials", "csrftoken", "idtoken",
	"jwt", "passphrase", "passwd", "password", "privatekey", "proxyauthorization", "pwd", "refreshtoken", "secret", "secretkey",
	"sessionid", "sessiontoken", "setcookie", "token", "xapikey", "xauthtoken", "xcsrftoken", "xxsrftoken",
}

// secrets knows which values of a recording must not be in a file that people share.
type secrets struct{ names map[string]bool }

func newSecrets(apis []*contract.Contract, more []string) *secrets {
	s := &secrets{names: map[string]bool{}}
	for _, name := range slices.Concat(secretNames, more) {
		s.names[bareName(name)] = true
	}
	for _, api := range apis {
		for _, in := range []exchange.Location{exchange.Header, exchange.Query, exchange.Cookie} {
			for _, name := range api.KeyNames(in) {
				s.names[bareName(name)] = true
			}
		}
	}
	return s
}

// bareName takes case and the signs between words off a name.
func bareName(name string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(name))
}

func (s *secrets) has(name string) bool { return s.names[bareName(name)] }

// hide takes the secrets out of what stubs are made of: parameters, headers and the
// decoded body of the request. The request was judged before.
func (s *secrets) hide(ex *exchange.Exchange) {
	for i := range ex.Parameters {
		if p := &ex.Parameters[i]; p.Present && (p.In == exchange.Cookie || s.has(p.Name)) {
			p.Value = exchange.Redacted
		}
	}
	for _, h := range []http.Header{ex.Request.Header, ex.Answer.Header} {
		for name := range h {
			if s.has(name) {
				h[name] = []string{exchange.Redacted}
			}
		}
	}
	if ex.Body.IsDecoded() {
		ex.Body = exchange.Decoded(s.value(ex.Body.Value()))
	}
}

func (s *secrets) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		shown := make(map[string]any, len(v))
		for name, each := range v {
			if shown[name] = s.value(each); s.has(name) {
				shown[name] = exchange.Redacted
			}
		}
		return shown
	case []any:
		shown := make([]any, len(v))
		for i := range v {
			shown[i] = s.value(v[i])
		}
		return shown
	}
	return v
}

// body takes the texts of secret properties out of a JSON body. names are those that
// were found.
func (s *secrets) body(data []byte, mediaType string) (hidden []byte, names []string) {
	t, ok := contract.ParseMediaType(mediaType)
	if !ok || !t.IsJSON() {
		return data, nil
	}
	n := dataOf(data)
	if n == nil {
		return data, nil
	}
	n = n.Clone()
	if s.tree(n, &names); len(names) == 0 {
		return data, nil
	}
	slices.Sort(names)
	return n.AppendJSON(nil), slices.Compact(names)
}

func (s *secrets) tree(n *source.Node, names *[]string) {
	for i := range n.Kids {
		kid := &n.Kids[i]
		if kid.Is(source.String) && n.Is(source.Object) && s.has(kid.Key) && kid.Text != exchange.Redacted {
			kid.Text = "redacted"
			*names = append(*names, kid.Key)
			continue
		}
		s.tree(kid, names)
	}
}
