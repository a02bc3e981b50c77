package admin

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// addScenario adds the scenario in the body, for everybody or for the session of the
// path, under the name in the query.
func (h *Handler) addScenario(c *call) (any, error) {
	text, err := c.readBody(scenario.MaxFileSize)
	if err != nil {
		return nil, err
	}
	added, err := h.mock.AddScenario(c.Context(), c.session(), c.query["name"], extension(c.Request), text)
	if err != nil {
		return nil, err
	}
	active, err := h.mock.Active(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	r := &reply{status: http.StatusCreated, value: struct {
		*Addition
		Active []Activation `json:"active"`
	}{added, some(active)}}
	if added.Replaced {
		r.status = http.StatusOK
	}
	r.header = http.Header{"Location": {c.URL.EscapedPath() + "/" + url.PathEscape(added.Name)}}
	return r, nil
}

// extension is that of a file with the body's media type.
func extension(r *http.Request) string {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if strings.HasSuffix(mediaType, "json") {
		return ".json"
	}
	return ".yaml"
}

func (h *Handler) removeScenario(c *call) (any, error) {
	if err := h.mock.RemoveScenario(c.Context(), c.session(), c.vars["name"]); err != nil {
		return nil, err
	}
	return done, nil
}
