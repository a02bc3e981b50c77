package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// adminFlags say who may use the control plane, and where.
type adminFlags struct {
	listen             string
	hosts              []string
	tokens, readTokens []string
}

func (a *adminFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.listen, "admin-listen", "", "`HOST:PORT` of the control plane, which --listen then does not serve")
	f.StringSliceVar(&a.hosts, "admin-host", nil, "`NAME` by which the control plane may be called, beside localhost and the listen address, repeatable")
	f.StringSliceVar(&a.tokens, "admin-token", nil, "`[NAME=]TOKEN` that admits to the control plane, repeatable")
	f.StringSliceVar(&a.readTokens, "admin-read-token", nil, "`[NAME=]TOKEN` that admits to what changes nothing there, repeatable")
}

func (a *adminFlags) fill(opts *mock.Options) {
	opts.AdminListen, opts.AdminHosts = a.listen, a.hosts
	opts.AdminTokens, opts.AdminReadTokens = a.tokens, a.readTokens
}

// announceAdmin prints where the console is, and with it the control plane, and the token
// that was made for it.
func announceAdmin(w io.Writer, m *mock.Mock) {
	fmt.Fprintf(w, "console at %s/__admin/", m.AdminURL())
	if token := m.AdminToken(); token != "" {
		fmt.Fprintf(w, " with the token %s", token)
	}
	fmt.Fprintln(w)
}
