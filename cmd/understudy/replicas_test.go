package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestReplicas runs three replicas on a server that writes to a file what it has
// acknowledged.
func TestReplicas(t *testing.T) {
	t.Parallel()
	all := t // what lives longer than a part
	redis := testenv.NewRedis(t, testenv.Durable...)
	const sessions = 4
	perSession := 500 // UNDERSTUDY_TEST_LONG=1 takes 10,000 steps
	if os.Getenv("UNDERSTUDY_TEST_LONG") != "" {
		perSession = 2500
	}
	dir := writeSteps(t, max(2000, perSession))
	replicas := make([]*replica, 3)
	for i := range replicas {
		replicas[i] = startReplica(t, dir, redis.URL(), "--drain-notice", "1s")
	}
	begin := func(prefix string) []string {
		names := make([]string, sessions)
		for i := range names {
			names[i] = fmt.Sprint(prefix, i)
			control(t, "PUT", replicas[i%3].url+"/__admin/sessions/"+names[i], `{"scenarios": ["count"]}`)
		}
		return names
	}

	t.Run("each step once", func(t *testing.T) {
		names := begin("once")
		var steps taken
		var asked atomic.Int64
		var clients sync.WaitGroup
		for i := range 12 {
			clients.Go(func() {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for n := asked.Add(1); n <= int64(sessions*perSession); n = asked.Add(1) {
					session := names[n%sessions]
					step, status, err := take(client, replicas[(i+int(n)/sessions)%3].url, session)
					if err != nil || status != 200 || step == 0 {
						t.Error(step, status, err)
						return
					}
					steps.add(session, step)
				}
			})
		}
		clients.Wait()
		if count := steps.check(t, false); count != sessions*perSession {
			t.Errorf("%d steps", count)
		}
	})

	t.Run("one truth", func(t *testing.T) {
		status := func(r *replica) int {
			t.Helper()
			res, err := http.Get(r.url + "/step")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			return res.StatusCode
		}
		for i := range 6 {
			control(t, "POST", replicas[i%3].url+"/__admin/scenarios/outage/activate", "")
			if got := status(replicas[(i+1)%3]); got != 503 {
				t.Errorf("activated, and another replica answers %d", got)
			}
			control(t, "POST", replicas[(i+1)%3].url+"/__admin/scenarios/outage/deactivate", "")
			if got := status(replicas[(i+2)%3]); got != 200 {
				t.Errorf("deactivated, and another replica answers %d", got)
			}
		}
		add := func(r *replica, path, detail string) {
			t.Helper()
			req, err := http.NewRequest("POST", r.url+"/__admin"+path, strings.NewReader("operations: {step: {respond: {status: 200, body: {step: "+detail+"}}}}"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/yaml")
			res, err := http.DefaultClient.Do(req)
			if err != nil || res.StatusCode >= 300 {
				t.Fatal(res, err)
			}
			res.Body.Close()
		}
		answers := func(r *replica, session string, want int) {
			t.Helper()
			if got, _, err := take(http.DefaultClient, r.url, session); got != want || err != nil {
				t.Errorf("%d, not %d: %v", got, want, err)
			}
		}
		control(t, "PUT", replicas[0].url+"/__admin/sessions/other", `{}`)
		add(replicas[0], "/scenarios?name=adhoc", "-7")
		add(replicas[1], "/sessions/adhoc/scenarios?name=mine", "-8")
		for _, r := range append(replicas, startReplica(t, dir, redis.URL())) {
			answers(r, "other", -7)
			answers(r, "adhoc", -8)
		}
		add(replicas[2], "/sessions/adhoc/scenarios?name=mine", "-9")
		answers(replicas[0], "adhoc", -9)
		control(t, "DELETE", replicas[0].url+"/__admin/sessions/adhoc/scenarios/mine", "")
		answers(replicas[1], "adhoc", -7)
		control(t, "DELETE", replicas[1].url+"/__admin/scenarios/adhoc", "")
		answers(replicas[2], "other", 0)
		if got := control(t, "GET", replicas[0].url+"/__admin/exchanges", ""); !regexp.MustCompile(`^[A-Z0-9]{8} of [34]$`).MatchString(got) {
			t.Errorf("what only one replica knows is from %q", got)
		}
		session := begin("truth")[0]
		for i := range 9 {
			if step, _, err := take(http.DefaultClient, replicas[i%3].url, session); step != i+1 || err != nil {
				t.Errorf("step %d is %d: %v", i+1, step, err)
			}
		}
	})

	t.Run("rolling restart", func(t *testing.T) {
		names := begin("rolling")
		front := newBalancer(replicas)
		defer front.stop()
		load := startLoad(names, func() string { return front.server.URL }, func(_, status int, err error) {
			t.Errorf("a request has failed: %d %v", status, err)
		})
		for i := range replicas {
			load.until(t, 20)
			old := replicas[i]
			replicas[i] = startReplica(all, dir, redis.URL(), "--drain-notice", "1s")
			front.add(replicas[i])
			if err := old.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := old.cmd.Wait(); err != nil {
				t.Errorf("a replica ended with %v", err)
			}
		}
		load.until(t, 20)
		load.end()
		load.steps.check(t, false)
	})

	t.Run("the server is killed", func(t *testing.T) {
		names := begin("killed")
		load := startLoad(names, func() string { return replicas[rand.IntN(3)].url }, func(_, status int, err error) {
			if err != nil || status != 503 {
				t.Errorf("neither a step nor an honest refusal: %d %v", status, err)
			}
		})
		load.until(t, 30)
		redis.Kill()
		res, err := http.Get(replicas[0].url + "/step")
		if err != nil || res.StatusCode != 200 {
			t.Errorf("a request that needs no state: %v, %v", res, err)
		}
		res.Body.Close()
		time.Sleep(300 * time.Millisecond) // requests go on to come meanwhile
		redis.Restart()
		load.until(t, 30)
		load.end()
		load.steps.check(t, true)
	})

	t.Run("a replica is killed", func(t *testing.T) {
		names := begin("crash")
		load := startLoad(names, func() string { return replicas[rand.IntN(3)].url }, func(_, status int, err error) {
			if err == nil {
				t.Errorf("a replica that lives has refused: %d", status)
			}
		})
		load.until(t, 20)
		_ = replicas[2].cmd.Process.Kill()
		control(t, "POST", replicas[0].url+"/__admin/scenarios/outage/activate", "") // it is missed for a while
		res, err := http.Get(replicas[1].url + "/step")
		if err != nil || res.StatusCode != 503 {
			t.Error(res, err)
		}
		res.Body.Close()
		load.until(t, 20)
		load.end()
		load.steps.check(t, true)
	})
}
