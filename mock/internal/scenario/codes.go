package scenario

import "github.com/understudy-mock/understudy/mock/internal/source"

// Codes of the findings about files and names.
const (
	// CodeUnreadable: a folder or file cannot be read.
	CodeUnreadable source.Code = "unreadable-scenario"
	// CodeBadName: a file's path has characters that a scenario's name must not have.
	CodeBadName source.Code = "bad-scenario-name"
	// CodeDuplicateScenario: two folders have a scenario of the same name.
	CodeDuplicateScenario source.Code = "duplicate-scenario"
	// CodeEmptyScenario: a file has no operations.
	CodeEmptyScenario source.Code = "empty-scenario"
	// CodeNotAScenario: a file has no key of a scenario, and none names it as a body; a
	// warning.
	CodeNotAScenario source.Code = "not-a-scenario"
	// CodeDuplicateStub: two stubs of an operation have the same name.
	CodeDuplicateStub source.Code = "duplicate-stub"
)

// Codes of the findings about the form of a file.
const (
	// CodeUnknownKey: the format has no such key in this place.
	CodeUnknownKey source.Code = "unknown-key"
	// CodeWrongType: a value is, say, a list where text is expected.
	CodeWrongType source.Code = "wrong-type"
	// CodeBadValue: a value is none of those that the key may have.
	CodeBadValue source.Code = "bad-value"
	// CodeMisplacedKey: a key is right elsewhere but says nothing here.
	CodeMisplacedKey source.Code = "misplaced-key"
	// CodeBadDelay: a delay is no duration.
	CodeBadDelay source.Code = "bad-delay"
)

// Codes of the findings about operations and statuses.
const (
	// CodeUnknownOperation: no contract has an operation of that name.
	CodeUnknownOperation source.Code = "unknown-operation"
	// CodeAmbiguousOperation: several contracts have an operation of that name.
	CodeAmbiguousOperation source.Code = "ambiguous-operation"
	// CodeNoOperationFits: a stub for "*" fits no operation at all.
	CodeNoOperationFits source.Code = "no-operation-fits"
	// CodeNotAStatus: a text is no status.
	CodeNotAStatus source.Code = "not-a-status"
	// CodeUndocumentedStatus: the operation describes no such status.
	CodeUndocumentedStatus source.Code = "undocumented-status"
)

// Codes of the findings about conditions.
const (
	// CodeUnknownPathParameter: the operation's path has no such variable.
	CodeUnknownPathParameter source.Code = "unknown-path-parameter"
	// CodeUndeclaredParameter: the operation declares no such header, query
	// parameter or cookie; a warning.
	CodeUndeclaredParameter source.Code = "undeclared-parameter"
	// CodeUndeclaredProperty: the schema of the body has no such property; a warning.
	CodeUndeclaredProperty source.Code = "undeclared-property"
	// CodeNeverAdmitted: no valid request has this value.
	CodeNeverAdmitted source.Code = "value-never-admitted"
	// CodeNeverHolds: conditions exclude each other, or what the contract demands.
	CodeNeverHolds source.Code = "condition-never-holds"
	// CodeUnknownMatcher: there is no matcher of that name.
	CodeUnknownMatcher source.Code = "unknown-matcher"
	// CodeBadMatcher: a matcher's value is not what the matcher needs.
	CodeBadMatcher source.Code = "bad-matcher"
	// CodeMatcherOrProperty: an object of a body condition reads as a matcher, and
	// the schema has a property of that name.
	CodeMatcherOrProperty source.Code = "matcher-or-property"
	// CodeRequestBodyNotDescribed: a condition on the body of an operation without one.
	CodeRequestBodyNotDescribed source.Code = "request-body-not-described"
	// CodeBadJSONPath: a text is no query of JSONPath.
	CodeBadJSONPath source.Code = "bad-json-path"
	// CodeUnknownSchema: the contract has no schema of that name.
	CodeUnknownSchema source.Code = "unknown-schema"
	// CodeUnknownState: the scenario has no state of that name.
	CodeUnknownState source.Code = "unknown-state"
	// CodeUnknownStateValue: the state has no such value.
	CodeUnknownStateValue source.Code = "unknown-state-value"
)

// Codes of the findings about states as a whole.
const (
	// CodeUnusedState: no stub sets a state or asks for it; a warning.
	CodeUnusedState source.Code = "unused-state"
	// CodeNeverSet: a stub waits for a value that no stub sets; a warning.
	CodeNeverSet source.Code = "state-never-set"
)

// Codes of the findings about answers.
const (
	// CodeSeveralBodies: a response states more than one body.
	CodeSeveralBodies source.Code = "several-bodies"
	// CodeBodyNotDescribed: a body for a status that describes none.
	CodeBodyNotDescribed source.Code = "body-not-described"
	// CodeBodyNotAllowed: a body for a status that never has one.
	CodeBodyNotAllowed source.Code = "body-not-allowed"
	// CodeBodyNotConform: a body breaks the schema of its status.
	CodeBodyNotConform source.Code = "body-does-not-fit"
	// CodeBodyNotEncodable: a literal body cannot be written in the media type.
	CodeBodyNotEncodable source.Code = "body-not-encodable"
	// CodeUnknownCallback: the operation has no callback of that name.
	CodeUnknownCallback source.Code = "unknown-callback"
	// CodeUnknownWebhook: the description has no webhook of that name.
	CodeUnknownWebhook source.Code = "unknown-webhook"
	// CodeAmbiguousCallback: a callback or webhook describes several requests, and which
	// of them is meant is not said, or none of them.
	CodeAmbiguousCallback source.Code = "ambiguous-callback"
	// CodeBadCallbackURL: where a callback or webhook goes cannot be read.
	CodeBadCallbackURL source.Code = "bad-callback-url"
	// CodeNotSent: a callback or webhook goes to no host that was given; a warning.
	CodeNotSent source.Code = "callback-not-sent"
	// CodeBadEvent: an entry of an event stream is none; a warning where clients do not
	// see it.
	CodeBadEvent source.Code = "bad-event"
	// CodeNotGenerated: no body could be generated.
	CodeNotGenerated source.Code = "body-not-generated"
	// CodeHeaderNotConform: a header breaks its description, or is missing.
	CodeHeaderNotConform source.Code = "header-does-not-fit"
	// CodeBadHeader: a header that cannot be sent.
	CodeBadHeader source.Code = "bad-header"
	// CodeUnknownMediaType: the status describes no such media type.
	CodeUnknownMediaType source.Code = "unknown-media-type"
	// CodeUnknownExample: the status has no example of that name.
	CodeUnknownExample source.Code = "unknown-example"
	// CodeBadBase64: a text is not base64.
	CodeBadBase64 source.Code = "bad-base64"
	// CodeMissingFile: a body file is not there or cannot be read.
	CodeMissingFile source.Code = "missing-body-file"
	// CodeFileOutside: a body file is not below the scenario file's folder.
	CodeFileOutside source.Code = "body-file-outside"
	// CodeFileTooLarge: a body file is larger than MaxFileSize.
	CodeFileTooLarge source.Code = "body-file-too-large"
)

// Codes of the findings about expressions.
const (
	// CodeBadExpression: an expression does not compile.
	CodeBadExpression source.Code = "bad-expression"
	// CodeUnclosedExpression: a ${ has no }.
	CodeUnclosedExpression source.Code = "unclosed-expression"
	// CodeUnboundedExpression: an expression may run for too long.
	CodeUnboundedExpression source.Code = "unbounded-expression"
	// CodeMisplacedExpression: an expression stands where none is evaluated.
	CodeMisplacedExpression source.Code = "misplaced-expression"
)

// Codes of the findings about stubs that stand in each other's way.
const (
	// CodeUnreachable: an earlier stub answers everything that this one could.
	CodeUnreachable source.Code = "unreachable-stub"
	// CodeDuplicateDefault: two default scenarios answer the same requests.
	CodeDuplicateDefault source.Code = "duplicate-default"
)
