package report

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// Provider is the verification of a real API that is to be written.
type Provider struct {
	Target string
	Checks []replay.Check
	// Troubles are calls to clear up that failed, MadeUp security schemes for which no
	// secret was given.
	Troubles, MadeUp []string

	Passed, Differing, Failed, NotProvable, Skipped int

	Coverage Coverage
}

// refusals is what stands for the scenario of requests that break the contract.
const refusals = "requests that break the contract"

// groups calls do for the checks of each scenario, in order.
func (p *Provider) groups(do func(name string, checks []replay.Check)) {
	nameOf := func(c *replay.Check) string {
		if c.Scenario == "" {
			return refusals
		}
		return c.Scenario
	}
	for from := 0; from < len(p.Checks); {
		to := from
		for to < len(p.Checks) && nameOf(&p.Checks[to]) == nameOf(&p.Checks[from]) {
			to++
		}
		do(nameOf(&p.Checks[from]), p.Checks[from:to])
		from = to
	}
}

// summary says the whole in a line.
func (p *Provider) summary() string {
	parts := []string{fmt.Sprintf("%d passed", p.Passed)}
	for _, part := range []struct {
		n    int
		text string
	}{{p.Differing, "differ"}, {p.Failed, "failed"}, {p.NotProvable, "not provable"}, {p.Skipped, "skipped"}} {
		if part.n == 1 && part.text == "differ" {
			part.text = "differs"
		}
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	return p.Target + ": " + strings.Join(parts, ", ")
}

// notes are what else is to be known.
func (p *Provider) notes() []string {
	var list []string
	for _, name := range p.MadeUp {
		list = append(list, fmt.Sprintf("no credentials were given for %s, so that made-up ones were sent: set %s", name, CredentialVariable(name)))
	}
	for _, text := range p.Troubles {
		list = append(list, "not cleared up: "+text)
	}
	return list
}

// CredentialVariable is the environment variable with the secret of a security scheme.
func CredentialVariable(scheme string) string {
	return "UNDERSTUDY_AUTH_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, scheme)
}

// title names a check within its scenario.
func title(c *replay.Check) string {
	if c.Stub == "" {
		return c.Operation + ", " + c.Title()
	}
	return c.Title()
}

// lines tells what is wrong with a check, a line for each difference.
func lines(c *replay.Check) []string {
	if c.Outcome != replay.Differs {
		return []string{fmt.Sprintf("%s: %s", c.Place, c.Reason)}
	}
	var list []string
	for i := range c.Differences {
		d := &c.Differences[i]
		text := fmt.Sprintf("%s: %s", d.Place, d)
		if d.Contract != nil {
			text += " (" + d.Contract.String() + ")"
		}
		list = append(list, text)
	}
	return list
}
