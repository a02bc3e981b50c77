package mock

import (
	"context"
	"net"
	"net/http"
	"os"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

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

// SyncBy has a function bring the files of Options.Data to the disk.
func (m *Mock) SyncBy(sync func(*os.File) error) { m.settings.sync = sync }

// BreakState lets changes of what is active fail, while all else goes on.
func (m *Mock) BreakState(err error) { m.store = &brokenState{m.store, err} }

type brokenState struct {
	state.Store
	err error
}

func (b *brokenState) Activate(context.Context, string, ...state.Activation) error { return b.err }

func (b *brokenState) Deactivate(context.Context, string, ...string) error { return b.err }

// Server is a server with the limits of those that Start makes.
func (m *Mock) Server() *http.Server { return m.settings.server(m, nil) }

// Listener is one as Start makes them, over another.
func (m *Mock) Listener(l net.Listener) net.Listener {
	return &patient{Listener: l, logger: m.settings.Logger}
}

// MaxStreams is for tests of it.
const MaxStreams = maxStreams

// MaxKeptActive is for tests of it.
const MaxKeptActive = maxKeptActive

// Vary adds what an answer depends on.
var Vary = vary

// VersionOf is the version of a build.
var VersionOf = versionOf

// ProblemOf is what the control plane makes of an error.
func ProblemOf(err error) error { return problemOf(err, "") }
