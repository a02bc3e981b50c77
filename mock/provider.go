package mock

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// What VerifyProvider finds.
type (
	// ProviderCheck is one answer that was asked for, or was not and why.
	ProviderCheck = replay.Check
	// ProviderDifference is one thing in which an answer is not as it should be.
	ProviderDifference = replay.Difference
	// ProviderOutcome is what became of a check.
	ProviderOutcome = replay.Outcome
	// ProviderPlace is where a scenario or the contract says what an answer should be.
	ProviderPlace = replay.Place
	// UnreachableError is the error of a real API that gives no answer.
	UnreachableError = upstream.Failure
	// UpstreamTarget is where that API is.
	UpstreamTarget = upstream.Target
	// SetupError is the error of VerifyProvider where the first calls failed.
	SetupError = replay.SetupError
	// InterruptedError is the error of VerifyProvider where its context has ended. What had
	// been set up is cleared up before, within ProviderClearWithin.
	InterruptedError = replay.InterruptedError
)

// The outcomes of checks.
const (
	ProviderPassed      = replay.Passed
	ProviderDiffers     = replay.Differs
	ProviderFailed      = replay.Failed
	ProviderNotProvable = replay.NotProvable
	ProviderSkipped     = replay.Skipped
)

// Bounds of ProviderOptions.
const (
	MaxProviderConcurrency = replay.MaxConcurrency
	MaxProviderRetries     = replay.MaxRetries
	// DefaultProviderTimeout is that of ProviderOptions.Timeout.
	DefaultProviderTimeout = upstream.DefaultTimeout
	// MaxProviderTimeout bounds ProviderOptions.Timeout.
	MaxProviderTimeout = upstream.MaxTimeout
	// ProviderClearWithin bounds the tear-downs after VerifyProvider's context has ended.
	ProviderClearWithin = replay.ClearWithin
)

// ProviderOptions says what a real API is asked for. Target is mandatory.
type ProviderOptions struct {
	// Target is the http or https URL of the API, which stands in front of the paths that
	// the contract describes, in place of its base paths. Only a mock, and an API with
	// several descriptions, is asked below those where Target has no path.
	Target string
	// CA is a file of PEM certificates that are trusted beside those of the machine;
	// Insecure takes any certificate.
	CA       string
	Insecure bool
	// Timeout bounds one request with its answer; 0 means DefaultProviderTimeout.
	Timeout time.Duration
	// TargetIsMock tells that the target is an Understudy mock with the same scenarios,
	// which are then asked for by name.
	TargetIsMock bool
	// Negative adds requests that break the contract, which must be refused.
	Negative bool
	// Scenarios are names, or patterns such as errors/* (see path.Match), Tags those that
	// scenarios must have one of, Operations the names of operations. Empty lists choose
	// all.
	Scenarios, Tags, Operations []string
	// Setup is a file with the calls before everything else and after it; "" for none.
	Setup string
	// Credential gives the secret of one of the contract's security schemes by its name,
	// "" for none: a token, an API key, or user:password. No report shows it. nil gives
	// none.
	Credential func(scheme string) string
	// Concurrency is how many requests may be under way at a time; 0 means 1.
	Concurrency int
	// Rate is how many requests are sent in a second at most; 0 means any number.
	Rate float64
	// Retries is how often a request is sent again that was not answered, or by 429, 502,
	// 503 or 504 where another status was expected.
	Retries int
	// Progress is called after each check, one at a time; nil is not called.
	Progress func(done, total int, check ProviderCheck)
}

// ErrNothingToVerify is returned by VerifyProvider, with the result, where not one
// request was sent: that must not look like a success.
var ErrNothingToVerify = errors.New("there is nothing to verify: no request was sent")

// UsageError is an error of options that name what there is not.
type UsageError struct{ Reason string }

// Error gives the reason.
func (e *UsageError) Error() string { return e.Reason }

// VerifyProvider sends what the scenarios of opts describe to a real API, and compares its
// answers with the contract and with the scenarios. The result is also there with
// ErrNothingToVerify. Other errors are findings about the files, see FindingsOf, an
// *UsageError, an *UnreachableError, a *SetupError, and an
// *InterruptedError where ctx has ended.
func VerifyProvider(ctx context.Context, opts Options, p ProviderOptions) (*ProviderResult, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	transport, err := p.transport()
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	defer transport.CloseIdle()
	apis, _, err := loadAPIs(ctx, s, watch.Look())
	if err != nil {
		return nil, err
	}
	set, err := loadScenarios(s, apis, nil)
	if err != nil {
		return nil, err
	}
	credentials, err := p.credentials(apis)
	if err != nil {
		return nil, err
	}
	run := replay.Options{
		Transport: transport, APIs: apis, Negative: p.Negative, Mock: p.TargetIsMock, Session: "verify-" + rand.Text(),
		Credentials: credentials, Concurrency: p.Concurrency, Rate: p.Rate, Retries: p.Retries, Timeout: p.timeout(), Now: time.Now(),
	}
	if err := p.choose(&run, apis, set); err != nil {
		return nil, err
	}
	if p.Progress != nil {
		run.Progress = func(done, total int, c *replay.Check) { p.Progress(done, total, *c) }
	}
	recorder := coverage.New(false)
	recorder.Swap(apis, set)
	run.Observe = func(ex *exchange.Exchange, op *contract.Operation) {
		use := recorder.Locate(ex, op)
		use.Count()
	}
	found, err := replay.Run(ctx, run)
	if err != nil {
		return nil, err
	}
	result := newProviderResult(transport.Target().String(), found, &Coverage{*recorder.Report()})
	if result.Passed+result.Differing+result.Failed == 0 {
		return result, ErrNothingToVerify
	}
	return result, nil
}

// transport checks the options that need no contract.
func (p *ProviderOptions) transport() (*upstream.Transport, error) {
	target, err := upstream.ParseTarget(p.Target)
	switch {
	case err != nil:
		return nil, err
	case p.Concurrency < 0 || p.Concurrency > MaxProviderConcurrency:
		return nil, fmt.Errorf("%d requests cannot be under way at a time: use 1 to %d", p.Concurrency, MaxProviderConcurrency)
	case p.Retries < 0 || p.Retries > MaxProviderRetries:
		return nil, fmt.Errorf("a request cannot be sent again %d times: use 0 to %d", p.Retries, MaxProviderRetries)
	case p.Rate < 0 || math.IsNaN(p.Rate) || math.IsInf(p.Rate, 0):
		return nil, fmt.Errorf("%v is no number of requests in a second", p.Rate)
	case p.Rate > 0 && p.Rate < 0.001:
		return nil, fmt.Errorf("%v requests in a second are less than one in a thousand seconds", p.Rate)
	}
	return upstream.NewTransport(target, upstream.Options{CA: p.CA, Insecure: p.Insecure, Timeout: p.Timeout})
}

// CredentialVariable is the environment variable that understudy verify takes the secret
// of a security scheme from: UNDERSTUDY_AUTH_ and the name in capitals.
func CredentialVariable(scheme string) string { return report.CredentialVariable(scheme) }

// credentials asks for the secret of each security scheme that requests may need.
func (p *ProviderOptions) credentials(apis []*contract.Contract) (map[string]string, error) {
	known := map[string]string{}
	if p.Credential == nil {
		return known, nil
	}
	for _, api := range apis {
		for _, op := range api.Operations {
			for _, cred := range slices.Concat(op.CredentialsOf()...) {
				if _, asked := known[cred.Named]; asked {
					continue
				}
				secret := p.Credential(cred.Named)
				if cred.Scheme == "basic" && secret != "" && !strings.Contains(secret, ":") {
					return nil, &UsageError{fmt.Sprintf("the secret of %s (%s) must be user:password, and has no colon", cred.Named, CredentialVariable(cred.Named))}
				}
				if strings.ContainsFunc(secret, unicode.IsControl) {
					return nil, &UsageError{fmt.Sprintf("the secret of %s (%s) has a line break or another control character in it", cred.Named, CredentialVariable(cred.Named))}
				}
				known[cred.Named] = secret
			}
		}
	}
	return known, nil
}

func (p *ProviderOptions) timeout() time.Duration {
	if p.Timeout == 0 {
		return DefaultProviderTimeout
	}
	return p.Timeout
}
