package admin

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestDataOfEvents holds that an event with more data than maxEvent is told without it.
func TestDataOfEvents(t *testing.T) {
	t.Parallel()
	var e Events
	l, _, leave, ok := e.listen("", nil)
	if !ok {
		t.Fatal("there is no room")
	}
	defer leave()
	e.Tell("change", "", strings.Repeat("x", maxEvent-2)) // with its quotes as much as there may be
	e.Tell("change", "", strings.Repeat("x", maxEvent-1))
	if first := <-l.queue; len(first.data) != maxEvent {
		t.Errorf("%d bytes", len(first.data))
	}
	if second := <-l.queue; string(second.data) != "{}" || second.number != 2 {
		t.Errorf("%d: %.20s", second.number, second.data)
	}
}

// TestRecallEnds holds that events are kept for a while after the last listener has left.
func TestRecallEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var e Events
		if e.Wanted(time.Now()) {
			t.Error("they are wanted before anybody listens")
		}
		_, _, leave, _ := e.listen("", nil)
		time.Sleep(24 * time.Hour)
		if !e.Wanted(time.Now()) {
			t.Error("they are not wanted while somebody listens")
		}
		leave()
		for after, want := range map[time.Duration]bool{0: true, recallFor - 1: true, recallFor: false} {
			if got := e.Wanted(time.Now().Add(after)); got != want {
				t.Errorf("%s after the last one has left: %t", after, got)
			}
		}
	})
}
