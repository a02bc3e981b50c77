// Package watch tells when files have changed, so that what was loaded from them
// can be loaded anew.
//
// What the operating system reports is only a sign to look: whether something has
// changed is decided by how the files look, in one way for reported events and for
// polling. So an editor that replaces a file, a link that is swapped and a folder
// that is made anew are all seen.
package watch

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Mode says how changes are noticed.
type Mode string

// Events asks the operating system to report changes, Poll looks now and then, for
// mounts on which nothing is reported, and Off watches nothing.
const (
	Events Mode = "events"
	Poll   Mode = "poll"
	Off    Mode = "off"
)

// ParseMode reads a Mode.
func ParseMode(text string) (Mode, error) {
	if modes := []Mode{Events, Poll, Off}; slices.Contains(modes, Mode(text)) {
		return Mode(text), nil
	}
	return "", fmt.Errorf("%q is no way to watch files: use events, poll or off", text)
}

const (
	// PollInterval is how often files are looked at where nothing is reported.
	PollInterval = time.Second
	// quiet is how long nothing must happen before files are read: a change is
	// mostly several events, and a checkout changes many files.
	quiet = 50 * time.Millisecond
	// maxSettle bounds the wait for quiet.
	maxSettle = time.Second
)

// Run calls reload each time a file changes, until ctx ends or mode is Off. seen is
// how the files looked before they were first read; reload gives how they looked
// before it read them. Where events cannot be had, it logs that and polls.
func Run(ctx context.Context, mode Mode, seen *Seen, log *slog.Logger, reload func(context.Context) *Seen) {
	if mode == Off {
		return
	}
	signs := newSigns(mode, log)
	defer signs.close()
	for ctx.Err() == nil {
		signs.listen(seen)
		// A change between reading and listening has no event.
		if !seen.Changed() && !signs.wait(ctx) {
			return
		}
		signs.settle(ctx)
		if ctx.Err() == nil && seen.Changed() {
			seen = reload(ctx)
		}
	}
}

// signs are what makes Run look: events, or else the passing of time.
type signs struct {
	log       *slog.Logger
	events    *fsnotify.Watcher // nil when polling
	listening map[string]bool
}

func newSigns(mode Mode, log *slog.Logger) *signs {
	s := &signs{log: log, listening: map[string]bool{}}
	if mode == Poll {
		return s
	}
	var err error
	if s.events, err = fsnotify.NewWatcher(); err != nil {
		s.poll(err)
	}
	return s
}

// poll gives events up.
func (s *signs) poll(err error) {
	s.log.Warn("changes of files are not reported by the system, so they are looked for every "+PollInterval.String(), "error", err)
	s.close()
	s.events = nil
}

func (s *signs) close() {
	if s.events != nil {
		_ = s.events.Close() // only ever fails when it is closed
	}
}

// listen asks for events in the folders of seen.
func (s *signs) listen(seen *Seen) {
	if s.events == nil {
		return
	}
	wanted := seen.directories()
	s.add(wanted)
	// What was made before its folder was listened to has no event: neither a folder
	// below those that are watched, nor one in which a missing file may come.
	for s.events != nil {
		seen.lookForFolders()
		now := seen.directories()
		if maps.Equal(now, wanted) {
			break
		}
		wanted = now
		s.add(wanted)
	}
	for dir := range s.listening {
		if !wanted[dir] {
			if s.events != nil {
				_ = s.events.Remove(dir) // the folder may have gone
			}
			delete(s.listening, dir)
		}
	}
}

func (s *signs) add(wanted map[string]bool) {
	for dir := range wanted {
		// Adding again is free, and a folder that was made anew needs it.
		if err := s.events.Add(dir); err != nil {
			if !exists(dir) {
				continue
			}
			s.poll(fmt.Errorf("%s: %w", dir, err))
			return
		}
		s.listening[dir] = true
	}
}

// wait gives true when it is time to look, false when ctx has ended.
func (s *signs) wait(ctx context.Context) bool {
	if s.events == nil {
		return sleep(ctx, PollInterval)
	}
	select {
	case <-ctx.Done():
		return false
	case <-s.events.Events:
	case <-s.events.Errors: // too many at once: some are lost, so look
	}
	return true
}

// settle waits until nothing has happened for a moment.
func (s *signs) settle(ctx context.Context) {
	if s.events == nil {
		sleep(ctx, quiet)
		return
	}
	end := time.NewTimer(maxSettle)
	defer end.Stop()
	calm := time.NewTimer(quiet)
	defer calm.Stop()
	for {
		select {
		case <-s.events.Events:
			calm.Reset(quiet)
		case <-s.events.Errors:
			calm.Reset(quiet)
		case <-calm.C:
			return
		case <-end.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// sleep gives false when ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
