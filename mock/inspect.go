package mock

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// inspect looks at everything that descriptions say about bodies,
// parameters and headers, which takes seconds for a description of megabytes. When ctx
// ends, it gives what it has found so far.
func inspect(ctx context.Context, apis []*contract.Contract) source.Diagnostics {
	var found source.Diagnostics
	for _, c := range apis {
		found = append(found, sample.Findings(ctx, c)...)
	}
	return found
}

// maxLogged bounds the findings that are logged for one load.
const maxLogged = 100

// inspection inspects, beside the server, what is served, and logs each finding once.
// The zero value is ready for start.
type inspection struct {
	mu     sync.Mutex // guards the fields below
	logger *slog.Logger
	cancel context.CancelFunc // nil while nothing is to be inspected
	ended  chan struct{}      // closed when the newest has ended
	told   map[string]bool    // by the goroutine of the newest alone
}

// start inspects a snapshot, and those that renew gives, until stop.
func (i *inspection) start(s *engine.Snapshot, logger *slog.Logger) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !logger.Enabled(context.Background(), slog.LevelWarn) {
		return // nobody would read it
	}
	i.logger = logger
	i.runLocked(s)
}

// renew inspects another snapshot in place of the one before, unless nothing is to be
// inspected.
func (i *inspection) renew(s *engine.Snapshot) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.cancel == nil {
		return
	}
	i.cancel()
	i.runLocked(s)
}

// stop ends the inspection, which takes as long as the value that is being made; what it
// gives is closed then.
func (i *inspection) stop() (ended <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.cancel == nil {
		nothing := make(chan struct{})
		close(nothing)
		return nothing
	}
	i.cancel()
	i.cancel = nil
	return i.ended
}

func (i *inspection) runLocked(s *engine.Snapshot) {
	ctx, cancel := context.WithCancel(context.Background())
	before, ended := i.ended, make(chan struct{})
	i.cancel, i.ended = cancel, ended
	go func() {
		defer close(ended)
		defer cancel()
		if before != nil {
			<-before
		}
		i.log(ctx, s)
	}()
}

// log inspects and logs what was not logged for the load before.
func (i *inspection) log(ctx context.Context, s *engine.Snapshot) {
	defer func() {
		if e := recover(); e != nil { // a mistake of ours is no reason to end the server
			i.logger.Error("internal error", "error", e, "stack", string(debug.Stack()))
		}
	}()
	found := inspect(ctx, s.APIs)
	if ctx.Err() != nil {
		return
	}
	told := make(map[string]bool, len(found))
	logged := 0
	for _, d := range found {
		line := d.Error()
		told[line] = true
		if i.told[line] {
			continue
		}
		if logged++; logged > maxLogged {
			continue
		}
		attrs := []any{"code", string(d.Code), "at", d.At.String()}
		if d.Hint != "" {
			attrs = append(attrs, "hint", d.Hint)
		}
		for _, r := range d.Related {
			attrs = append(attrs, "related", r.Message+" ("+r.At.String()+")")
		}
		i.logger.Warn(d.Message, attrs...)
	}
	if more := logged - maxLogged; more > 0 {
		i.logger.Warn("more findings about the descriptions are not logged: understudy check shows them all", "count", more)
	}
	i.told = told
}
