package mock

// SetInFlight bounds the request bodies that are held at one time.
func (m *Mock) SetInFlight(bytes int64) { m.flight.limit = bytes }

// InFlight is what of them is held.
func (m *Mock) InFlight() int64 { return m.flight.held.Load() }
