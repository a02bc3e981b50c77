package mock

import "net/http"

// SetInFlight bounds the request bodies that are held at one time.
func (m *Mock) SetInFlight(bytes int64) { m.flight.limit = bytes }

// InFlight is what of them is held.
func (m *Mock) InFlight() int64 { return m.flight.held.Load() }

// SetStored bounds what of them is stored in files at one time.
func (m *Mock) SetStored(bytes int64) { m.flight.storedLimit = bytes }

// Stored is what is stored.
func (m *Mock) Stored() int64 { return m.flight.stored.Load() }

// StoreIn names the folder for temporary files.
func (m *Mock) StoreIn(dir string) { m.spools.dir = dir }

// Server is a server with the limits of those that Start makes.
func (m *Mock) Server() *http.Server { return m.settings.server(m, nil) }

// VersionOf is the version of a build.
var VersionOf = versionOf
