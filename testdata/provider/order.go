package provider

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
)

var uuid = regexp.MustCompile("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

// find gives the place of the order that the path names. Otherwise it has answered.
func (p *Provider) findLocked(w http.ResponseWriter, r *http.Request) (int, bool) {
	name := r.PathValue("order_id")
	if !uuid.MatchString(name) {
		fail(w, http.StatusBadRequest, "BAD_ID", "an id is a UUID")
		return 0, false
	}
	i := slices.IndexFunc(p.orders, func(o *order) bool { return o.ID == name })
	if i < 0 {
		fail(w, http.StatusNotFound, "NOT_FOUND", "there is no order "+name)
	}
	return i, i >= 0
}

func (p *Provider) get(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i, ok := p.findLocked(w, r)
	if !ok {
		return
	}
	tag := fmt.Sprintf("%q", p.orders[i].ID[32:]+"-"+p.orders[i].Status)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	write(w, http.StatusOK, p.orders[i])
}

func (p *Provider) change(w http.ResponseWriter, r *http.Request) {
	var in map[string]*string
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		fail(w, http.StatusBadRequest, "BAD_JSON", err.Error())
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i, ok := p.findLocked(w, r)
	if !ok {
		return
	}
	o := *p.orders[i]
	if status, given := in["status"]; given {
		if status == nil || !slices.Contains([]string{"new", "paid", "sent", "cancelled"}, *status) {
			fail(w, http.StatusUnprocessableEntity, "BAD_STATUS", "there is no such status")
			return
		}
		if o.Status == "cancelled" {
			fail(w, http.StatusConflict, "CANCELLED", "the order was cancelled")
			return
		}
		o.Status = *status
	}
	if note, given := in["note"]; given {
		if o.Note = ""; note != nil {
			o.Note = *note
		}
	}
	p.orders[i] = &o
	write(w, http.StatusOK, &o)
}

func (p *Provider) remove(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i, ok := p.findLocked(w, r); ok {
		p.orders = slices.Delete(p.orders, i, i+1)
		w.WriteHeader(http.StatusNoContent)
	}
}

// events sends two events, the second a moment later.
func (p *Provider) events(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	i, ok := p.findLocked(w, r)
	var o order
	if ok {
		o = *p.orders[i]
	}
	p.mu.Unlock()
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	_, _ = fmt.Fprintf(w, "event: created\ndata: %s\n\n", o.CreatedAt)
	_ = flusher.Flush()
	select {
	case <-time.After(10 * time.Millisecond):
	case <-r.Context().Done():
		return
	}
	_, _ = fmt.Fprintf(w, "event: status\ndata: %s\n\n", o.Status)
}

func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func fail(w http.ResponseWriter, status int, code, message string) {
	write(w, status, map[string]string{"code": code, "message": message})
}
