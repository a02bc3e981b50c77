package mock

import "github.com/understudy-mock/understudy/mock/internal/coverage"

// What coverage consists of.
type (
	// CoverageReport is what was covered, at one moment or in several runs.
	CoverageReport = coverage.Report
	// CoverageTotals says how much was covered of each kind of thing that the contract
	// describes.
	CoverageTotals = coverage.Totals
	// CoverageShare is how much of one kind was covered.
	CoverageShare = coverage.Share
	// CoverageKind is the share of one kind with the kind's name in the plural.
	CoverageKind = coverage.Kind
	// CoverageShortfall is a kind of which a share is wanted, and perhaps not covered.
	CoverageShortfall = coverage.Shortfall
	// CoverageMinimums are the percentages that must have been reached by exchanges which
	// keep to the contract, from 0 (nothing is wanted) to 100. Of what the contract has
	// none, every percentage is reached.
	CoverageMinimums = coverage.Minimums
	// CoveredAPI is one description.
	CoveredAPI = coverage.API
	// CoveredOperation is one method of one path.
	CoveredOperation = coverage.Operation
	// CoveredRow is one way to ask for an operation with one way to answer.
	CoveredRow = coverage.Row
	// CoveredSum adds up the rows of a status or a media type.
	CoveredSum = coverage.Sum
	// CoveredParameter is a declared parameter.
	CoveredParameter = coverage.Parameter
	// CoveredSecurity is one of the security requirements of which a request must meet
	// one.
	CoveredSecurity = coverage.Alternative
	// OffContractAnswers counts answers off the contract with one status and one reason.
	OffContractAnswers = coverage.Departure
	// CoveredScenario counts a loaded scenario's answers.
	CoveredScenario = coverage.Scenario
)
