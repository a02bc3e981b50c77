package mocktest

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// TestStopDoesNotWaitForEver holds that a request which is under way at the end of a
// test is cut off after the grace, and that this is told.
func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: "testdata/orders.yaml"}}})
	if err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{})
	s := &server{mock: m, listener: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		m.ServeHTTP(w, r)
	}))}
	failed := make(chan error)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Get(s.listener.URL + "/orders/1?__delay=1m")
		if err == nil {
			res.Body.Close()
		}
		failed <- err
	}()
	<-arrived
	if s.release(20 * time.Millisecond) {
		t.Error("the request was waited for, or nothing was told of it")
	}
	if err := <-failed; err == nil {
		t.Error("the request was answered")
	}
}
