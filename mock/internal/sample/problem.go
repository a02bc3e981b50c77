package sample

import (
	"net/http"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// problemOf gives the status that problem details (RFC 9457 section 3) in JSON tell, 0 for
// other bodies and where it is not known: those of a callback have none.
func problemOf(m *contract.Media, t contract.MediaType, o Options) int {
	if t.Type != "application" || t.Subtype != "problem+json" || m.Response() == nil {
		return 0
	}
	_, status, err := contract.ParseStatus(m.Response().Status)
	switch {
	case err != nil:
		return 0
	case status == 0: // a range or default
		return o.Status
	}
	return status
}

// ByStatus tells whether bodies of that type depend on Options.Status.
func ByStatus(m *contract.Media, t contract.MediaType) bool {
	return problemOf(m, t, Options{}) != problemOf(m, t, Options{Status: contract.MinStatus})
}

// problemStatus gives the member status of problem details (RFC 9457 section 3.1.2).
func (g *generator) problemStatus(p *place) (string, bool) {
	return strconv.Itoa(g.problem), g.problem != 0 && p.depth == 1 && p.token == "status"
}

// problemTitle gives the title of problem details that say no more than the status does
// (RFC 9457 section 4.2.1).
func (g *generator) problemTitle(p *place) (string, bool) {
	phrase := http.StatusText(g.problem)
	return phrase, phrase != "" && p.depth == 1 && p.token == "title"
}
