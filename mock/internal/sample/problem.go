package sample

import (
	"net/http"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// problemOf gives the status of a response whose bodies are problem details (RFC 9457
// section 3) in JSON, 0 for others and for a range of statuses.
func problemOf(m *contract.Media, t contract.MediaType) int {
	if t.Type != "application" || t.Subtype != "problem+json" {
		return 0
	}
	_, status, err := contract.ParseStatus(m.Response().Status)
	if err != nil {
		return 0
	}
	return status
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
