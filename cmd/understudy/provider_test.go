package main

import (
	"net/http/httptest"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/understudy-mock/understudy/testdata/provider"
)

// providerKey finds a script's provider among its values.
type providerKey struct{}

// realAPI is the provider that a script has started.
type realAPI struct {
	*provider.Provider
	server *httptest.Server
}

// cmdProvider starts the provider when it is first called. Each argument switches a fault
// on, or off where it names none; "down" ends the provider.
func cmdProvider(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: provider [OPERATION=[FAULT]]... | down")
	}
	api := ts.Value(providerKey{}).(*realAPI)
	if api.server == nil {
		api.Provider = provider.New()
		api.Slow = 300 * time.Millisecond
		api.server = httptest.NewServer(api)
		ts.Defer(api.server.Close)
		ts.Setenv("UPSTREAM", api.server.URL+provider.Base)
	}
	for _, arg := range args {
		if arg == "down" {
			api.server.Close()
			continue
		}
		operation, fault, ok := strings.Cut(arg, "=")
		if !ok {
			ts.Fatalf("%s is not OPERATION=FAULT", arg)
		}
		ts.Check(api.Switch(operation, provider.Fault(fault)))
	}
}
