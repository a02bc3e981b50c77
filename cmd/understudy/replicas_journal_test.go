package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// verified is what a replica tells of expectations.
type verified struct {
	Outcome    string
	Incomplete string
	Requests   int
	Results    []struct{ Outcome, Why string }
}

// verify holds the requests of a session, or of all, against an expectation.
func (r *replica) verify(t testing.TB, session, expectation string) (v verified) {
	t.Helper()
	path := "/__admin/verify"
	if session != "" {
		path = "/__admin/sessions/" + session + "/verify"
	}
	res, err := http.Post(r.url+path, "application/json", strings.NewReader(expectation))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != 200 {
		t.Fatal(res.Status, err)
	}
	return v
}

// TestReplicasShareTheJournal asks replicas of processes of their own for what the others
// were asked, also when one of them was killed.
func TestReplicasShareTheJournal(t *testing.T) {
	t.Parallel()
	redis := testenv.NewRedis(t)
	dir := writeSteps(t, 1)
	replicas := make([]*replica, 3)
	for i := range replicas {
		replicas[i] = startReplica(t, dir, redis.URL())
	}
	call := func(r *replica, session string) {
		t.Helper()
		if _, status, err := take(http.DefaultClient, r.url, session); err != nil || status != 200 {
			t.Fatal(status, err)
		}
	}
	for i := range 30 {
		call(replicas[i%3], "s")
		if v := replicas[(i+1)%3].verify(t, "s", `{"operation": "step", "exactly": `+jsonOf(t, i+1)+`}`); v.Outcome != "pass" {
			t.Fatalf("after %d calls: %+v", i+1, v)
		}
	}
	for range 20 {
		call(replicas[2], "s")
	}
	if err := replicas[2].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = replicas[2].cmd.Wait()
	for _, r := range replicas[:2] {
		for _, expectation := range []string{`{"operation": "step", "exactly": 30}`, `{"operation": "step", "exactly": 50}`, `{"operation": "step", "exactly": 100}`} {
			v := r.verify(t, "s", expectation)
			// Those that are there are facts: thirty at most are refuted by more.
			if v.Outcome == "pass" || v.Outcome == "fail" && (v.Requests <= 30 || !strings.Contains(expectation, "30")) || !strings.Contains(v.Incomplete, "was last heard of") {
				t.Errorf("%s: %+v", expectation, v)
			}
		}
	}
	// Sessions that begin later are not concerned.
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		control(t, "PUT", replicas[0].url+"/__admin/sessions/later", `{}`)
		call(replicas[0], "later")
		v := replicas[1].verify(t, "later", `{"operation": "step", "exactly": 1}`)
		if v.Outcome == "pass" && v.Incomplete == "" {
			break
		}
		if v.Outcome == "fail" || time.Now().After(late) {
			t.Fatalf("%+v", v)
		}
	}
}

func jsonOf(t testing.TB, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
