package replay

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// secrets takes credentials out of texts. The zero value takes nothing out.
type secrets struct{ values *exchange.Hiding }

// minSecret is the length from which on a secret is taken out of texts, in bytes: without
// every "1" in it a report would be of no use.
const minSecret = 4

func (s *secrets) hide(text string) string {
	if s.values == nil || text == "" {
		return text
	}
	return s.values.Hide(text)
}

// clean takes credentials out of a check: an API may send them back.
func (s *secrets) clean(c *Check) {
	c.Reason, c.Request = s.hide(c.Reason), s.hide(c.Request)
	for i := range c.Differences {
		d := &c.Differences[i]
		d.Where, d.Pointer, d.Expected, d.Got = s.hide(d.Where), s.hide(d.Pointer), s.hide(d.Expected), s.hide(d.Got)
	}
}

func (r *runner) collectSecrets() {
	var values []string
	add := func(value string) {
		if len(value) >= minSecret {
			values = append(values, value, param.Escape(value))
			if strings.ContainsAny(value, `"\`) {
				quoted := strconv.Quote(value) // as differences quote it
				values = append(values, quoted[1:len(quoted)-1])
			}
		}
	}
	for _, secret := range r.Credentials {
		add(secret)
		add(base64.StdEncoding.EncodeToString([]byte(secret)))
		if _, password, ok := strings.Cut(secret, ":"); ok {
			add(password)
		}
	}
	if values != nil {
		r.secrets.values = exchange.NewHiding(values, minSecret)
	}
}

// authorize puts credentials into a request, in place of those that were made up. What
// keep tells of stays as it is.
func (r *runner) authorize(c *sample.Call, op *contract.Operation, keep func(in exchange.Location, name string) bool) *sample.Call {
	wanted, given := r.credentials(op)
	if len(wanted) == 0 {
		return c
	}
	c = c.Clone()
	for _, cred := range op.Credentials() {
		if given && !keep(cred.In, cred.Name) {
			c.Forget(cred)
		}
	}
	for _, cred := range wanted {
		switch {
		case cred.In == "" || keep(cred.In, cred.Name):
		case given:
			put(c, cred, r.Credentials[cred.Named])
		case !r.Mock:
			r.mu.Lock()
			if r.madeUp == nil {
				r.madeUp = map[string]bool{}
			}
			r.madeUp[cred.Named] = true
			r.mu.Unlock()
		}
	}
	return c
}

// credentials gives those of the first alternative for which there are secrets; given is
// false where there is none, and then those that were made up.
func (r *runner) credentials(op *contract.Operation) (wanted []contract.Credential, given bool) {
	for _, list := range op.CredentialsOf() {
		known := func(c contract.Credential) bool { return c.In == "" || r.Credentials[c.Named] != "" }
		if len(list) > 0 && !slices.ContainsFunc(list, func(c contract.Credential) bool { return !known(c) }) {
			return list, true
		}
	}
	return op.Credentials(), false
}

// put sends a secret as the security scheme wants it.
func put(c *sample.Call, cred contract.Credential, secret string) {
	switch cred.In {
	case exchange.Header:
		switch cred.Scheme {
		case "":
		case "basic":
			secret = "Basic " + base64.StdEncoding.EncodeToString([]byte(secret))
		default:
			secret = strings.ToUpper(cred.Scheme[:1]) + cred.Scheme[1:] + " " + secret
		}
		c.Header.Set(cred.Name, secret)
	case exchange.Query:
		c.RawQuery = withPair(c.RawQuery, "&", param.Escape(cred.Name), param.Escape(secret))
	case exchange.Cookie:
		c.Header.Set("Cookie", withPair(c.Header.Get("Cookie"), "; ", cred.Name, secret))
	}
}

// withPair sets a pair in a list of pairs.
func withPair(text, separator, name, value string) string {
	var kept []string
	for pair := range strings.SplitSeq(text, separator) {
		if pair != "" && !strings.HasPrefix(pair, name+"=") {
			kept = append(kept, pair)
		}
	}
	return strings.Join(append(kept, name+"="+value), separator)
}

// states tells which credentials a scene states itself, or leaves out on purpose.
func (s *scene) states(in exchange.Location, name string) bool {
	if s.draft.Breach != nil && s.draft.Breach.In == exchange.Security {
		return true
	}
	return s.stub != nil && s.stub.Mentions(in, name)
}

func (r *runner) madeUpNames() []string {
	var names []string
	for name := range r.madeUp {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
