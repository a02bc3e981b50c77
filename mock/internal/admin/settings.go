package admin

import (
	"fmt"
	"net/http"
	"time"
)

// duration is a time as Go writes it: 300ms, 1m30s.
type duration time.Duration

func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration: write a number with a unit, such as 300ms or 30m", text)
	}
	*d = duration(parsed)
	return nil
}

// settings is what can be changed while the mock runs.
type settings struct {
	// Delay is the wait before answers that have none of their own.
	Delay *duration `json:"delay"`
}

func (h *Handler) settings(*call) (any, error) {
	delay := duration(h.mock.Delay())
	return &settings{Delay: &delay}, nil
}

// changeSettings changes those that the body has and leaves the others.
func (h *Handler) changeSettings(c *call) (any, error) {
	var wanted settings
	if err := c.read(&wanted); err != nil {
		return nil, err
	}
	if wanted.Delay != nil {
		if err := h.mock.SetDelay(c.Context(), time.Duration(*wanted.Delay)); err != nil {
			return nil, err
		}
	}
	return h.settings(c)
}

func (h *Handler) reload(c *call) (any, error) {
	done := h.mock.Reload(c.Context())
	if !done.OK {
		return &reply{status: http.StatusUnprocessableEntity, value: done}, nil
	}
	return done, nil
}

// Limits on the files that are shown with a failed reload.
const (
	maxSources    = 20
	maxSourceSize = 256 << 10
)

// sourceText is a file as it was read.
type sourceText struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// lastReload tells what the last reload did, and shows the files that its findings are in.
func (h *Handler) lastReload(*call) (any, error) {
	told := struct {
		Reload  *Reload      `json:"reload,omitempty"`
		Sources []sourceText `json:"sources"`
	}{h.mock.Condition().LastReload, []sourceText{}}
	if told.Reload == nil {
		return told, nil
	}
	for _, file := range told.Reload.Sources {
		if len(file.Data) <= maxSourceSize && len(told.Sources) < maxSources {
			told.Sources = append(told.Sources, sourceText{file.Name, string(file.Data)})
		}
	}
	return told, nil
}

func (h *Handler) changes(*call) (any, error) {
	return struct {
		Changes []Change `json:"changes"`
	}{some(h.mock.Changes())}, nil
}
