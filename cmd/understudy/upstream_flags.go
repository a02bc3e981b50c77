package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// reachFlags say how a real API is reached.
type reachFlags struct {
	ca       string
	insecure bool
	timeout  time.Duration
}

func (r *reachFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.ca, "upstream-ca", "", "PEM `FILE` with certificates that are trusted when the real API is asked")
	f.BoolVar(&r.insecure, "upstream-insecure", false, "take any certificate of the real API")
	f.DurationVar(&r.timeout, "upstream-timeout", mock.DefaultUpstreamTimeout, "how long the real API may take until its answer begins")
}

func (r *reachFlags) check() error {
	if r.timeout <= 0 || r.timeout > mock.MaxUpstreamTimeout {
		return refuse("upstream-timeout", fmt.Sprintf(" is %s", r.timeout), fmt.Sprintf("use a duration from 1ms to %s", mock.MaxUpstreamTimeout))
	}
	return nil
}

func (r *reachFlags) fill(opts *mock.Options) {
	opts.UpstreamCA, opts.UpstreamInsecure, opts.UpstreamTimeout = r.ca, r.insecure, r.timeout
}

// upstreamFlags say what answers where no stub does.
type upstreamFlags struct {
	reachFlags
	urls     []string
	fallback bool
}

func (u *upstreamFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&u.urls, "upstream", nil, "`URL` of the real API, which answers what no scenario answers; API=URL, repeatable, for several descriptions")
	f.BoolVar(&u.fallback, "fallback", false, "give the contract's own answer where the real API gives none")
	u.reachFlags.add(cmd)
}

func (u *upstreamFlags) check() error {
	for _, text := range u.urls {
		if err := mock.CheckUpstream(text); err != nil {
			return (&flagError{flag: "upstream", wrong: ": " + err.Error(), value: text, secret: true}).usage()
		}
	}
	if u.fallback && len(u.urls) == 0 {
		return refuse("fallback", " is given, and no --upstream", "")
	}
	return u.reachFlags.check()
}

func (u *upstreamFlags) fill(opts *mock.Options) {
	opts.Upstream, opts.Fallback = u.urls, u.fallback
	u.reachFlags.fill(opts)
}
