package exchange

// Fault is a way to break the connection in place of an answer. The names and what
// they mean are WireMock's.
type Fault string

// The faults.
const (
	// FaultEmpty closes the connection without a byte.
	FaultEmpty Fault = "EMPTY_RESPONSE"
	// FaultMalformedChunk sends the header of a 200, then bytes that are no chunk, and
	// closes the connection.
	FaultMalformedChunk Fault = "MALFORMED_RESPONSE_CHUNK"
	// FaultRandomData sends bytes that are no HTTP, and closes the connection.
	FaultRandomData Fault = "RANDOM_DATA_THEN_CLOSE"
	// FaultReset resets the connection (RFC 9293 section 3.5.2).
	FaultReset Fault = "CONNECTION_RESET_BY_PEER"
)

// Faults are the names of all faults.
var Faults = []string{string(FaultEmpty), string(FaultMalformedChunk), string(FaultRandomData), string(FaultReset)}
