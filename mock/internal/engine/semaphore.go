package engine

import "context"

// semaphore bounds how much is done at one time. It has an element for each that is.
type semaphore chan struct{}

// acquire waits for a place, which release gives back; false where the context ends before.
func (s semaphore) acquire(ctx context.Context) bool {
	select {
	case s <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (s semaphore) release() { <-s }
