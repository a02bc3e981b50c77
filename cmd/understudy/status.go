package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// runningStatus is what status puts together.
type runningStatus struct {
	Ready    bool
	Reload   *struct{ OK bool }
	Delay    string
	Active   []activeScenario
	Sessions []runningSession
	Session  *runningSession
}

// runningSession is a session of a running mock.
type runningSession struct {
	ID     string
	Active []string
	Values int
	Idle   string
	Used   time.Time
}

func newStatus(env environment) *cobra.Command {
	var to remote
	var ready bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell what is active in a running mock",
		Long: `Tells whether a running mock is ready, which scenarios are active for everybody,
since when, until when and by whom, and which sessions there are. With --session
it tells of that session alone, with --ready whether the mock is ready and no
more, which needs no token.`,
		Example: `  understudy status
  understudy status --session checkout
  understudy status --server http://mock.test:4010`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			if ready {
				if err := to.call(cmd.Context(), http.MethodGet, nil, &runningStatus{}, "readiness"); err != nil {
					return err
				}
				fmt.Fprintln(env.stdout, "ready")
				return nil
			}
			status, err := to.status(cmd)
			if err != nil {
				return err
			}
			status.print(env.stdout, &to)
			return nil
		},
	}
	to.add(cmd, env, serverUsage, "`ID` of the session to tell of (default everybody and all sessions)")
	cmd.Flags().BoolVar(&ready, "ready", false, "tell only whether the mock is ready, for health checks")
	return cmd
}

// status asks a running mock, for a session no more than needs no token.
func (r *remote) status(cmd *cobra.Command) (*runningStatus, error) {
	ctx, s := cmd.Context(), &runningStatus{}
	if r.session != "" {
		s.Session = &runningSession{}
		if err := r.call(ctx, http.MethodGet, nil, s.Session); err != nil {
			return nil, err
		}
		return s, r.call(ctx, http.MethodGet, nil, s, "scenarios")
	}
	for _, part := range []string{"readiness", "settings", "sessions", "scenarios"} {
		if err := r.call(ctx, http.MethodGet, nil, s, part); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *runningStatus) print(w io.Writer, r *remote) {
	if s.Session != nil {
		fmt.Fprintf(w, "session %s of %s, last used %s\n", s.Session.ID, r.server, s.Session.Used.Local().Format(time.DateTime))
	} else {
		fmt.Fprintf(w, "%s: %s\n", r.server, s.condition())
	}
	if len(s.Active) == 0 {
		fmt.Fprintln(w, "no scenario is active")
	} else {
		fmt.Fprintln(w, "active, the newest first:")
	}
	for _, a := range s.Active {
		fmt.Fprintf(w, "  %s%s\n", a.Scenario, a.history())
	}
	if s.Session != nil {
		fmt.Fprintf(w, "sequences and states that have moved: %d\n", s.Session.Values)
		return
	}
	if s.Delay != "0s" {
		fmt.Fprintf(w, "delay: %s\n", s.Delay)
	}
	fmt.Fprintf(w, "sessions: %d\n", len(s.Sessions))
	for i, session := range s.Sessions {
		if i == maxAnnounced {
			fmt.Fprintf(w, "  … and %d more\n", len(s.Sessions)-i)
			break
		}
		active := "nothing active"
		if len(session.Active) > 0 {
			active = strings.Join(session.Active, ", ")
		}
		fmt.Fprintf(w, "  %s: %s\n", session.ID, active)
	}
}

func (s *runningStatus) condition() string {
	switch {
	case !s.Ready:
		return "not ready"
	case s.Reload != nil && !s.Reload.OK:
		return "ready, but the last reload failed"
	}
	return "ready"
}

// history says since when, until when and by whom a scenario is active.
func (a *activeScenario) history() string {
	var text string
	if !a.Since.IsZero() {
		text += ", since " + a.Since.Local().Format(time.DateTime)
	}
	if !a.Until.IsZero() {
		text += ", until " + a.Until.Local().Format(time.DateTime)
	}
	if a.By != "" {
		text += ", by " + a.By
	}
	return text
}
