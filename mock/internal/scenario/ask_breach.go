package scenario

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// breaches lists the ways in which the request may have to break the contract; one that
// is nil stands for none.
func (a *asking) breaches() []*sample.Breach {
	if a.st.valid != invalidOnly {
		return []*sample.Breach{nil}
	}
	list := []*sample.Breach{nil} // the conditions themselves may break it
	for _, b := range sample.Breaches(a.op) {
		if len(a.st.violates) == 0 || slices.Contains(a.st.violates, b.In) {
			list = append(list, &b)
		}
	}
	return list
}

// mediaTypes lists the media types of the body that are tried, "" for any.
func (a *asking) mediaTypes(b *sample.Breach) []string {
	if b != nil && b.MediaType != "" {
		return []string{b.MediaType}
	}
	var list []string
	for _, c := range a.undeclared {
		if text, err := a.text(c.matcher); c.in == exchange.Header && c.name == "Content-Type" && err == nil && text != nil {
			for _, m := range a.op.RequestBody() {
				if t, ok := contract.ParseMediaType(text.Text); ok {
					if _, admits := m.Type.Admits(t); admits {
						list = append(list, m.Name)
					}
				}
			}
		}
	}
	if list != nil {
		return list
	}
	list = []string{""}
	if media := a.op.RequestBody(); len(a.body) > 0 && len(media) > 1 {
		for _, m := range media {
			list = append(list, m.Name)
		}
	}
	return list
}
