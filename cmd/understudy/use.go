package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// The flags of use, release, reset and status.
const (
	serverUsage  = "`URL` of the running mock (default " + defaultServer + ")"
	sessionUsage = "`ID` of the session in which this happens (default everybody)"
)

func newUse(env environment) *cobra.Command {
	var to remote
	var d time.Duration
	cmd := &cobra.Command{
		Use:   "use NAME...",
		Short: "Activate scenarios in a running mock",
		Long: `Activates scenarios in a running mock, the last on top, for everybody or for a
session. They are restarted: their sequences and states begin anew. Where one of
the names is unknown, none is activated.`,
		Example: `  understudy use outage
  understudy use slow outage --for 30m
  understudy use expired-token --session checkout`,
		Args: scenarioArguments,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			if cmd.Flags().Changed("for") && (d <= 0 || d > mock.MaxActiveFor) {
				return refuse("for", fmt.Sprintf(" is %s", d), "use a duration such as 30m, up to 720h, which are 30 days")
			}
			return to.change(cmd.Context(), env, "activate", d, names)
		},
	}
	to.add(cmd, env, serverUsage, sessionUsage)
	cmd.Flags().DurationVar(&d, "for", 0, "`TIME` after which they are deactivated again, such as 30m (default never)")
	offer(cmd, map[string]completed{"": to.scenarios(env, false)})
	return cmd
}

func newRelease(env environment) *cobra.Command {
	var to remote
	cmd := &cobra.Command{
		Use:   "release NAME...",
		Short: "Deactivate scenarios in a running mock",
		Long: `Deactivates scenarios in a running mock, for everybody or for a session, and
forgets their sequences and states. Where one of the names is unknown, none is
deactivated.`,
		Example: `  understudy release outage
  understudy release expired-token --session checkout`,
		Args: scenarioArguments,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			return to.change(cmd.Context(), env, "deactivate", 0, names)
		},
	}
	to.add(cmd, env, serverUsage, sessionUsage)
	offer(cmd, map[string]completed{"": to.scenarios(env, true)})
	return cmd
}

func newReset(env environment) *cobra.Command {
	var to remote
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Return a running mock to its start",
		Long: `Returns a running mock to its start for everybody, or a session with --session:
the active scenarios are those of the start, no sequence or state has moved,
scenarios that were added since are gone unless serve --data keeps them, and the
journal and the verdict begin anew. Sessions are left alone where none is named.`,
		Example: `  understudy reset
  understudy reset --session checkout`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			if err := to.call(cmd.Context(), http.MethodPost, nil, nil, "reset"); err != nil {
				return err
			}
			fmt.Fprintln(env.stdout, "reset"+to.where())
			return nil
		},
	}
	to.add(cmd, env, serverUsage, sessionUsage)
	return cmd
}

// scenarioArguments wants at least one name.
func scenarioArguments(cmd *cobra.Command, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s needs the name of a scenario", cmd.CommandPath())
	}
	return nil
}

// where says whom a command was for.
func (r *remote) where() string {
	if r.session == "" {
		return ""
	}
	return " in session " + r.session
}

// activeScenario is an active scenario as the control plane tells it.
type activeScenario struct {
	Scenario, By string
	Since, Until time.Time
}

// change activates or deactivates scenarios, all or none, and prints which are active.
func (r *remote) change(ctx context.Context, env environment, action string, d time.Duration, names []string) error {
	how := struct {
		Scenarios []string `json:"scenarios"`
		For       string   `json:"for,omitempty"`
	}{Scenarios: names}
	if d > 0 {
		how.For = d.String()
	}
	var list struct{ Active []activeScenario }
	if err := r.call(ctx, http.MethodPost, how, &list, action); err != nil {
		return err
	}
	active := make([]string, len(list.Active))
	for i, a := range list.Active {
		active[i] = a.Scenario
	}
	if len(active) == 0 {
		active = []string{"none"}
	}
	fmt.Fprintf(env.stdout, "active%s: %s\n", r.where(), strings.Join(active, ", "))
	return nil
}
