package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/understudy-mock/understudy/mock"
)

// oneLine keeps a description, which may be somebody else's, from writing to the terminal
// what is no text.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// announce prints what is served, with a URL for each operation.
func announce(w io.Writer, m *mock.Mock) {
	d := m.Describe()
	var printed []mock.Operation
	for _, api := range d.APIs {
		name := strings.TrimSpace(oneLine(api.Title) + " " + oneLine(api.Version))
		fmt.Fprintln(w, strings.TrimLeft(name+" ("+api.Location+")", " "))
		if api.Upstream != "" {
			fmt.Fprintf(w, "  %s answers what no scenario answers\n", api.Upstream)
		}
		for i, op := range api.Operations {
			if i == maxAnnounced {
				fmt.Fprintf(w, "  … and %d more operations\n", len(api.Operations)-i)
				break
			}
			fmt.Fprintf(w, "  %-7s %s%s\n", op.Method, m.URL(), op.Example())
			printed = append(printed, op)
		}
	}
	announceCredentials(w, printed)
	switch {
	case len(d.Scenarios) > 0:
		fmt.Fprintf(w, "scenarios: %s\n", strings.Join(scenarioNames(d.Scenarios), ", "))
	case slices.ContainsFunc(d.APIs, func(api mock.API) bool { return api.Upstream != "" }):
		fmt.Fprintln(w, "no scenarios")
	default:
		fmt.Fprintln(w, "no scenarios: the contract's own answers are given")
	}
	printWarnings(w, d.Warnings)
	if shared, ok := m.SharedState(); ok {
		fmt.Fprintf(w, "state is shared at %s\n", shared.Address)
	}
	announceAdmin(w, m)
	if cert := m.Certificate(); cert != nil {
		fmt.Fprintf(w, "certificate: %s, SHA-256 %X\n", cert.Subject, sha256.Sum256(cert.Raw))
	}
	fmt.Fprintf(w, "listening on %s\n", m.URL())
}

// maxAnnounced and maxWarnings keep the start-up output to about a screen.
const (
	maxAnnounced = 40
	maxWarnings  = 5
)

func scenarioNames(scenarios []mock.Scenario) []string {
	names := make([]string, len(scenarios))
	for i, sc := range scenarios {
		names[i] = sc.Name
		switch {
		case sc.Active:
			names[i] += " (active)"
		case sc.Default:
			names[i] += " (default)"
		}
	}
	return names
}

// announceCredentials says what to send to the printed operations to be let in.
func announceCredentials(w io.Writer, printed []mock.Operation) {
	closed := 0
	var wanted []string
	for _, op := range printed {
		text := shownCredentials(op.Credentials())
		if text == "" {
			continue
		}
		if closed++; !slices.Contains(wanted, text) {
			wanted = append(wanted, text)
		}
	}
	if closed == 0 {
		return
	}
	what := "they need"
	switch {
	case len(printed) == 1:
		what = "it needs"
	case closed == 1:
		what = "1 of them needs"
	case closed < len(printed):
		what = fmt.Sprintf("%d of them need", closed)
	}
	more := ""
	switch n := len(wanted) - maxWanted; {
	case n == 1:
		wanted, more = wanted[:maxWanted], " and 1 other"
	case n > 1:
		wanted, more = wanted[:maxWanted], fmt.Sprintf(" and %d others", n)
	}
	fmt.Fprintf(w, "  %s credentials, of which only the form is checked: %s%s (--no-security checks nothing)\n", what, strings.Join(wanted, ", or "), more)
}

// maxWanted bounds the different credentials that are printed.
const maxWanted = 3

// shownCredentials writes credentials as arguments of curl.
func shownCredentials(c mock.Credentials) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c.Header)) {
		parts = append(parts, fmt.Sprintf("-H '%s: %s'", name, c.Header.Get(name)))
	}
	if c.Query != "" {
		parts = append(parts, "?"+c.Query)
	}
	if c.ClientCertificate {
		parts = append(parts, "a client certificate")
	}
	return strings.Join(parts, " ")
}
