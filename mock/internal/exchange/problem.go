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
	// Violations are listed where the request broke the contract.
	Violations []Violation
	// Known lists what there is, where something unknown was asked for.
	Known []string
}

// ProblemCode names a kind of problem. The names are those that Prism users know,
// where Prism has the kind.
type ProblemCode string
