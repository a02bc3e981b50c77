package mock

import (
	"errors"
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
	"github.com/understudy-mock/understudy/mock/internal/upstream/proxy"
)

// namedTarget is the real API for a description, "" for the only one.
type namedTarget struct {
	api    string
	target *upstream.Target
}

// CheckUpstream refuses a text that Options.Upstream cannot have: it takes URL, or
// API=URL.
func CheckUpstream(text string) error {
	_, err := parseUpstream(text)
	return err
}

func parseUpstream(text string) (u namedTarget, err error) {
	if name, address, found := strings.Cut(text, "="); found && name != "" && !strings.ContainsAny(name, ":/") {
		u.api, text = name, address
	}
	u.target, err = upstream.ParseTarget(text)
	return u, err
}

// settleUpstream parses Options.Upstream and what belongs to it.
func (s *settings) settleUpstream() error {
	for _, text := range s.Upstream {
		u, err := parseUpstream(text)
		if err != nil {
			return fmt.Errorf("the real API cannot be asked: %w", err)
		}
		s.upstreams = append(s.upstreams, u)
	}
	if len(s.upstreams) == 0 && s.Fallback {
		return errors.New("the contract is to answer where the real API does not, and no real API is given")
	}
	if s.UpstreamTimeout < 0 || s.UpstreamTimeout > MaxUpstreamTimeout {
		return fmt.Errorf("%s is no timeout for the real API: use a duration up to %s", s.UpstreamTimeout, MaxUpstreamTimeout)
	}
	if s.UpstreamTimeout == 0 {
		s.UpstreamTimeout = DefaultUpstreamTimeout
	}
	return nil
}

// proxies makes a proxy for each API that has an upstream. name tells this mock from
// others.
func (s *settings) proxies(apis []*contract.Contract, name string) (map[string]*proxy.Proxy, error) {
	all := map[string]*proxy.Proxy{}
	for _, u := range s.upstreams {
		api, err := u.of(apis)
		if err != nil {
			return nil, err
		}
		if all[api] != nil {
			return nil, fmt.Errorf("there are two real APIs for %s: %s and %s", api, all[api].Target(), u.target)
		}
		transport, err := upstream.NewTransport(u.target, upstream.Options{CA: s.UpstreamCA, Insecure: s.UpstreamInsecure, Timeout: s.UpstreamTimeout})
		if err != nil {
			return nil, err
		}
		all[api] = proxy.New(transport, proxy.Options{
			Check: s.validation != engine.Off, Strict: s.validation == engine.Strict, Limit: s.MaxBody, Timeout: s.UpstreamTimeout,
			Name: "understudy-" + strings.TrimSuffix(name, "-"), ErrorLog: errorLog(s.Logger),
		})
	}
	return all, nil
}

// of gives the name of the API that the target is for.
func (u namedTarget) of(apis []*contract.Contract) (string, error) {
	var names []string
	for _, c := range apis {
		if c.Name == u.api {
			return u.api, nil
		}
		names = append(names, c.Name)
	}
	switch {
	case u.api != "":
		return "", fmt.Errorf("there is no description %q for the real API %s; there are %s", u.api, u.target, strings.Join(names, ", "))
	case len(apis) > 1:
		return "", fmt.Errorf("%s is given for %d descriptions: say for which, as in %s=%s", u.target, len(apis), names[0], u.target)
	}
	return names[0], nil
}

// upstreamOf tells the engine which APIs have an upstream; nil where none has.
func (m *Mock) upstreamOf() func(api string) bool {
	if len(m.proxies) == 0 {
		return nil
	}
	return func(api string) bool { return m.proxies[api] != nil }
}

// leaveUpstream closes the connections to real APIs that nobody uses any more.
func (m *Mock) leaveUpstream() {
	for _, p := range m.proxies {
		p.CloseIdle()
	}
}
