package exchange

// Problem is a problem detail (RFC 9457): what Understudy says when it speaks
// for itself and not in the API's name.
type Problem struct {
	// Code is the stable name of the kind of problem; docs/errors.md has a section
	// for each.
	Code ProblemCode
	// Status is the HTTP status it is sent with.
	Status int
	// Detail says what happened to this very request and what to do.
	Detail string
	// Violations are listed where the request or the answer broke the contract.
	Violations []Violation
	// Known lists what there is, where something unknown was asked for.
	Known []string
	// Findings are those of a scenario that was refused, in their JSON form; nil for
	// none. Text is the same as people read it.
	Findings any
	Text     string
}

// Error gives the code and the detail.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// ProblemCode names a kind of problem. The names are those that Prism users know,
// where Prism has the kind.
type ProblemCode string

// The kinds of problems.
const (
	ProblemNoPath           ProblemCode = "NO_PATH_MATCHED_ERROR"
	ProblemNoMethod         ProblemCode = "NO_METHOD_MATCHED_ERROR"
	ProblemViolations       ProblemCode = "UNPROCESSABLE_ENTITY"
	ProblemUnauthorized     ProblemCode = "UNAUTHORIZED"
	ProblemMediaType        ProblemCode = "INVALID_CONTENT_TYPE"
	ProblemNotAcceptable    ProblemCode = "NOT_ACCEPTABLE"
	ProblemUndecodable      ProblemCode = "UNDECODABLE"
	ProblemTooLarge         ProblemCode = "BODY_TOO_LARGE"
	ProblemBodyUnreadable   ProblemCode = "BODY_UNREADABLE"
	ProblemInFlight         ProblemCode = "TOO_MUCH_IN_FLIGHT"
	ProblemStatusUnknown    ProblemCode = "NO_RESPONSE_DEFINED"
	ProblemNoSuccess        ProblemCode = "NO_SUCCESS_RESPONSE_DEFINED"
	ProblemExampleUnknown   ProblemCode = "EXAMPLE_NOT_FOUND"
	ProblemScenarioUnknown  ProblemCode = "SCENARIO_NOT_FOUND"
	ProblemNoStub           ProblemCode = "NO_STUB_MATCHED"
	ProblemPreference       ProblemCode = "INVALID_PREFERENCE"
	ProblemNoBody           ProblemCode = "NO_CONFORMING_BODY"
	ProblemAnswerNotConform ProblemCode = "ANSWER_BREAKS_CONTRACT"
	ProblemStubFailed       ProblemCode = "STUB_FAILED"
	ProblemStateBusy        ProblemCode = "STATE_BUSY"
	ProblemStateUnavailable ProblemCode = "STATE_UNAVAILABLE"
	ProblemReservedPath     ProblemCode = "RESERVED_PATH"
	ProblemSession          ProblemCode = "INVALID_SESSION"
	ProblemSessionRequired  ProblemCode = "SESSION_REQUIRED"
	ProblemTooManySessions  ProblemCode = "TOO_MANY_SESSIONS"
	ProblemInternal         ProblemCode = "INTERNAL_ERROR"

	ProblemUpstream           ProblemCode = "UPSTREAM_UNREACHABLE"
	ProblemUpstreamTimeout    ProblemCode = "UPSTREAM_TIMEOUT"
	ProblemUpstreamViolations ProblemCode = "UPSTREAM_BREAKS_CONTRACT"
	ProblemUpstreamPath       ProblemCode = "UPSTREAM_PATH"
	ProblemUpstreamLoop       ProblemCode = "UPSTREAM_LOOP"
	ProblemUpgrade            ProblemCode = "UPGRADE_NOT_PASSED"
)

// The kinds of problems of the control plane alone.
const (
	ProblemHost              ProblemCode = "HOST_NOT_ALLOWED"
	ProblemCrossSite         ProblemCode = "CROSS_SITE_REQUEST"
	ProblemToken             ProblemCode = "TOKEN_REQUIRED"
	ProblemReadOnly          ProblemCode = "TOKEN_READ_ONLY"
	ProblemControlMedia      ProblemCode = "CONTROL_MEDIA_TYPE"
	ProblemControlPath       ProblemCode = "CONTROL_PATH_UNKNOWN"
	ProblemControlMethod     ProblemCode = "CONTROL_METHOD"
	ProblemControlRequest    ProblemCode = "CONTROL_REQUEST_INVALID"
	ProblemSessionUnknown    ProblemCode = "SESSION_NOT_FOUND"
	ProblemStateUnknown      ProblemCode = "STATE_NOT_FOUND"
	ProblemOperation         ProblemCode = "OPERATION_NOT_FOUND"
	ProblemAnswerUnknown     ProblemCode = "ANSWER_NOT_FOUND"
	ProblemListeners         ProblemCode = "TOO_MANY_LISTENERS"
	ProblemExchange          ProblemCode = "EXCHANGE_NOT_FOUND"
	ProblemNotWritten        ProblemCode = "SCENARIO_NOT_WRITTEN"
	ProblemJournalOff        ProblemCode = "JOURNAL_OFF"
	ProblemJournalIncomplete ProblemCode = "JOURNAL_INCOMPLETE"
	ProblemPattern           ProblemCode = "PATTERN_REFUSED"
	ProblemRefused           ProblemCode = "SCENARIO_REFUSED"
	ProblemUnfit             ProblemCode = "SCENARIO_UNFIT"
	ProblemFromFile          ProblemCode = "SCENARIO_FROM_FILE"
	ProblemTooMany           ProblemCode = "TOO_MANY_SCENARIOS"
	ProblemNotKept           ProblemCode = "SCENARIO_NOT_KEPT"
	ProblemUnconfirmed       ProblemCode = "REPLICA_NOT_CONFIRMED"
)

// problemTitles are the short summaries that do not change from one occurrence
// to the next (RFC 9457 section 3.1.3).
var problemTitles = map[ProblemCode]string{
	ProblemNoPath:           "The contract has no such path",
	ProblemNoMethod:         "The contract has the path, but not with this method",
	ProblemViolations:       "The request breaks the contract",
	ProblemUnauthorized:     "The request lacks the credentials that the contract requires",
	ProblemMediaType:        "The contract does not describe this media type for the request body",
	ProblemNotAcceptable:    "The contract describes nothing that the client accepts",
	ProblemUndecodable:      "The request cannot be decoded",
	ProblemTooLarge:         "The request body is too large",
	ProblemBodyUnreadable:   "The request body could not be read",
	ProblemInFlight:         "There is no room for the request at the moment",
	ProblemStatusUnknown:    "The contract does not describe this status",
	ProblemNoSuccess:        "The contract describes no response that can be sent",
	ProblemExampleUnknown:   "There is no such example",
	ProblemScenarioUnknown:  "There is no such scenario",
	ProblemNoStub:           "The scenario has no stub for this request",
	ProblemPreference:       "A preference has a value that cannot be used",
	ProblemNoBody:           "There is no body that conforms to the contract",
	ProblemAnswerNotConform: "The answer would break the contract",
	ProblemStubFailed:       "The stub could not be rendered",
	ProblemStateBusy:        "The session's state changes too fast",
	ProblemStateUnavailable: "The session's state cannot be used",
	ProblemReservedPath:     "The path is reserved for Understudy",
	ProblemSession:          "The session cannot be used",
	ProblemSessionRequired:  "The request names no session",
	ProblemTooManySessions:  "There are too many sessions",
	ProblemInternal:         "Understudy has made a mistake",

	ProblemUpstream:           "The real API gives no answer",
	ProblemUpstreamTimeout:    "The real API takes too long",
	ProblemUpstreamViolations: "The real API's answer breaks the contract",
	ProblemUpstreamPath:       "The path cannot be passed on to the real API",
	ProblemUpstreamLoop:       "The real API is this mock itself",
	ProblemUpgrade:            "Other protocols are not passed on to the real API",

	ProblemHost:              "The control plane is not reached by this name",
	ProblemCrossSite:         "A page of another site may not use the control plane",
	ProblemToken:             "The control plane needs a token",
	ProblemReadOnly:          "The token may only read",
	ProblemControlMedia:      "The control plane takes JSON and YAML",
	ProblemControlPath:       "The control plane has no such path",
	ProblemControlMethod:     "The control plane has the path, but not with this method",
	ProblemControlRequest:    "The control plane cannot use the request",
	ProblemSessionUnknown:    "There is no such session",
	ProblemStateUnknown:      "The scenario has no such state or sequence",
	ProblemOperation:         "There is no such operation",
	ProblemAnswerUnknown:     "No status is forced on the operation here",
	ProblemListeners:         "There is no room for another listener",
	ProblemExchange:          "The journal does not have the exchange",
	ProblemNotWritten:        "No scenario can be written of the exchange",
	ProblemJournalOff:        "The journal keeps nothing",
	ProblemJournalIncomplete: "Not all requests of the journal can be had",
	ProblemPattern:           "The pattern or the expectations cannot be used",
	ProblemRefused:           "The scenario does not fit the contract",
	ProblemUnfit:             "The scenario does not fit the contract any more",
	ProblemFromFile:          "The scenario comes from a file",
	ProblemTooMany:           "There is no room for another scenario",
	ProblemNotKept:           "The scenario cannot be kept for the next start",
	ProblemUnconfirmed:       "Not every replica has confirmed the change",
}

// Title is the kind's short summary.
func (c ProblemCode) Title() string { return problemTitles[c] }

// ProblemCodes lists all kinds.
func ProblemCodes() []ProblemCode {
	codes := make([]ProblemCode, 0, len(problemTitles))
	for code := range problemTitles {
		codes = append(codes, code)
	}
	return codes
}
