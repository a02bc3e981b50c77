package mock

import (
	"fmt"
	"strings"
)

// Spec names one API description.
type Spec struct {
	// Location is a path or an http or https URL.
	Location string
	// Base is the base path to serve it under; "" means that of its servers.
	Base string

	name string // by which scenario files call it, "" for its own
}

// String gives SPEC or SPEC=/base.
func (s Spec) String() string {
	if s.Base == "" {
		return s.Location
	}
	return s.Location + "=/" + strings.TrimPrefix(s.Base, "/")
}

// ParseSpec reads SPEC or SPEC=/base. The last =/ counts: a location with one in it must be
// written as a Spec.
func ParseSpec(text string) (Spec, error) {
	location, base, found := cutLast(text, "=/")
	if found {
		base = "/" + base
	}
	if location == "" {
		return Spec{}, fmt.Errorf("%q names no API description: write SPEC or SPEC=/base", text)
	}
	return Spec{Location: location, Base: base}, checkBase(base)
}

func (s Spec) remote() bool {
	return strings.HasPrefix(s.Location, "http://") || strings.HasPrefix(s.Location, "https://")
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
