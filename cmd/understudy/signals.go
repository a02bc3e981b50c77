package main

import "time"

// sameSignal is how long further signals are taken for the first one. A terminal sends
// Ctrl-C to all processes of the group, and those that started this one, such as npm and
// timeout, hand it on as well.
const sameSignal = 500 * time.Millisecond

// restoreSignals lets a second signal end the process at once, as soon as it can be told
// from the first one: what is to be written at the end must not be lost to its echo.
func restoreSignals(stop func()) { time.AfterFunc(sameSignal, stop) }
