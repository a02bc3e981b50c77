package journal

import (
	"context"
	"sync"
	"time"
)

// followEvery is how often the stream is looked at while somebody listens to what happens.
const followEvery = 200 * time.Millisecond

// following has those told who listen to what other replicas enter.
type following struct {
	// listening tells whether somebody does, and heard is told; nil where nobody is to be.
	listening func() bool
	heard     func(k *kept, breaks int)

	mu    sync.Mutex // guards the field below
	stop  context.CancelFunc
	ended sync.WaitGroup
}

// hearing has what other replicas enter told as the options say.
func (j *Journal) hearing(opts *Options) {
	if opts.Heard == nil {
		return
	}
	j.sharing.following.listening = opts.Listening
	j.sharing.following.heard = func(k *kept, breaks int) {
		real := k.seen().real()
		opts.Heard(real, j.redactor.Load().Of(real).Path(real.Request.Path), breaks)
	}
}

// follow looks at the stream while somebody listens, until ctx ends. What was entered
// before he came is not told.
func (s *sharing) follow(ctx context.Context) {
	f := &s.following
	if f.heard == nil {
		return
	}
	looks := time.NewTicker(followEvery)
	defer looks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-looks.C:
		}
		if !f.listening() {
			s.merged.hear(nil, "")
			continue
		}
		if s.merged.catchUp(ctx, s.stream) == nil { // it is tried again
			s.merged.hear(f.heard, s.stream.Replica())
		}
	}
}

// hear sets who is told of what is read from now on, nil for nobody.
func (m *merged) hear(heard func(k *kept, breaks int), own string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard, m.own = heard, own
}
