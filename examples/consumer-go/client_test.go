package identification_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	identification "github.com/understudy-mock/understudy/examples/consumer-go"
	"github.com/understudy-mock/understudy/mock/mocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start gives a mock of the API, and a client that calls it.
func start(t *testing.T, options ...mocktest.Option) (*mocktest.Mock, *identification.Client) {
	t.Helper()
	options = append(options, mocktest.Contract("../../openapi.yaml"), mocktest.Scenarios("../../scenarios"), mocktest.Shared())
	m := mocktest.Start(t, options...)
	return m, &identification.Client{Base: m.URL(), HTTP: m.Client(), Org: "yoigo", Installation: "625fc44b", Fingerprint: "33dd65c7"}
}

func TestGet(t *testing.T) {
	t.Parallel()
	_, client := start(t)
	found, err := client.Get(t.Context(), "1")
	if err != nil || found.Status != "CREATED" {
		t.Errorf("%+v, %v", found, err)
	}
}

// A scenario tells a story: what is validated once cannot be validated again.
func TestValidateTwice(t *testing.T) {
	t.Parallel()
	_, client := start(t, mocktest.Active("life-cycle"))
	if found, err := client.Get(t.Context(), "1"); err != nil || found.Status != "CREATED" {
		t.Errorf("%+v, %v", found, err)
	}
	if err := client.Validate(t.Context(), "1"); err != nil {
		t.Error(err)
	}
	if err := client.Validate(t.Context(), "1"); !errors.Is(err, identification.ErrValidated) {
		t.Errorf("the second validation gave %v", err)
	}
	if found, err := client.Get(t.Context(), "1"); err != nil || found.Status != "VALIDATED" {
		t.Errorf("%+v, %v", found, err)
	}
}

// The API fails twice for each operation, and the client tries again.
func TestOutage(t *testing.T) {
	t.Parallel()
	m, client := start(t)
	m.Activate("outage")
	if _, err := client.Get(t.Context(), "1"); err != nil {
		t.Error(err)
	}
	if err := client.Validate(t.Context(), "1"); err != nil {
		t.Error(err)
	}
}

// Data in the request may choose the answer too, without any scenario being activated.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const none = "00000000-0000-4000-8000-000000000404"
	for name, test := range map[string]struct {
		id, token string
		want      error
	}{
		"an expired token":            {"1", "expired", identification.ErrUnauthorized},
		"an unknown identification":   {none, "", identification.ErrNotFound},
		"one that is validated":       {"00000000-0000-4000-8000-000000000409", "", identification.ErrValidated},
		"a token that is not expired": {"1", "fresh", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := start(t)
			client.Token = test.token
			if err := client.Validate(t.Context(), test.id); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

// The API cannot be had at all, and that is told.
func TestFailure(t *testing.T) {
	t.Parallel()
	m, client := start(t)
	m.Activate("validate/500")
	if err := client.Validate(t.Context(), "1"); err == nil {
		t.Error("a validation succeeded while the API failed")
	}
}
