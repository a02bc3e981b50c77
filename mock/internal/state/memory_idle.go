package state

import (
	"container/heap"
	"time"
)

// idles are the sessions that end by idleness, as a container/heap: on top is the one that
// may be the first to end. A use does not move a session; the sweep that comes to it does. So
// a sweep looks at those alone that have ended or were used since, never at all of them.
type idles []*session

func (l idles) Len() int           { return len(l) }
func (l idles) Less(i, j int) bool { return l[i].due.Before(l[j].due) }
func (l idles) Swap(i, j int) {
	l[i], l[j] = l[j], l[i]
	l[i].place, l[j].place = i, j
}

// Push implements heap.Interface.
func (l *idles) Push(x any) {
	s := x.(*session)
	s.place = len(*l)
	*l = append(*l, s)
}

// Pop implements heap.Interface.
func (l *idles) Pop() any {
	last := len(*l) - 1
	s := (*l)[last]
	(*l)[last] = nil
	*l = (*l)[:last]
	return s
}

// awaitLocked notes a session for the sweeps.
func (m *Memory) awaitLocked(s *session) {
	if s.start.Idle > 0 {
		s.due = s.made.Add(s.start.Idle)
		heap.Push(&m.idle, s)
	}
}

// unawaitLocked takes out a session that ends otherwise.
func (m *Memory) unawaitLocked(s *session) {
	if s.start.Idle > 0 {
		heap.Remove(&m.idle, s.place)
	}
}

// sweep ends the sessions that have expired. Where none has, it looks at one.
func (m *Memory) sweep() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweepLocked()
}

func (m *Memory) sweepLocked() {
	now := time.Now()
	var ended []*session
	for len(m.idle) > 0 && now.After(m.idle[0].due) {
		s := m.idle[0]
		if left := s.start.Idle - s.unused(now); left >= 0 { // it was used
			s.due = now.Add(left)
			heap.Fix(&m.idle, 0)
			continue
		}
		heap.Pop(&m.idle)
		m.sessions.Delete(s.id)
		m.count--
		ended = append(ended, s)
	}
	m.endLocked(ended...)
}
