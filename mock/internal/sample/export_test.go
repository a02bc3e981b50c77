package sample

// FindingsWithin is Findings with a bound of its own on the steps.
var FindingsWithin = findingsWithin
