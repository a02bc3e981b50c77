package contract_test

import "testing"

// eventMedia is the description of events by OpenAPI 3.2 section 4.14.3.1, with more
// places in which the content of data can be described.
const eventMedia = `
    itemSchema:
      type: object
      required: [event]
      properties:
        data: {type: string}
        event: {type: string}
      oneOf:
        - properties: {event: {const: addString}}
        - properties: {event: {const: addInt64}, data: {format: int64, pattern: '^[0-9]+$'}}
        - properties:
            event: {const: addJson}
            data: {contentMediaType: application/json, contentSchema: {type: object, required: [foo], properties: {foo: {type: integer}}}}
        - {$ref: "#/paths/~1a/post/requestBody/content/text~1event-stream/x-any"}
        - if: {properties: {event: {const: never}}}
          then: false
          else: {properties: {event: {const: other}, data: {allOf: [{contentMediaType: application/problem+json, contentSchema: {minProperties: 1}}]}}}
    x-any: {required: [event], properties: {event: {const: any}, data: {contentMediaType: application/json}}}`

// TestEventData reads the data of events by contentMediaType and contentSchema.
func TestEventData(t *testing.T) {
	t.Parallel()
	const ct = "text/event-stream"
	checkBodies(t, takes(t, "3.2.0", ct, eventMedia), []bodyCase{
		{"text", ct, "event: addString\ndata: {\n\n", "", `[{"data":"{","event":"addString"}]`},
		{"a number", ct, "event: addInt64\ndata: 1234567890\n\n", "", `[{"data":"1234567890","event":"addInt64"}]`},
		{"JSON", ct, "event: addJson\ndata: {\"foo\":\ndata: 42}\n\n", "", `[{"data":{"foo":42},"event":"addJson"}]`},
		{"no JSON", ct, "event: addString\n\nevent: addJson\ndata: {\n\n", "body /1/data must be JSON, got a text that ends too early at byte 1", `[{"event":"addString"},{"data":"{","event":"addJson"}]`},
		{"JSON that breaks its schema", ct, "event: addJson\ndata: {\"foo\":\"x\"}\n\n", `body /0/data/foo must be an integer, got "x"`, `[{"data":{"foo":"x"},"event":"addJson"}]`},
		{"JSON without a member", ct, "event: addJson\ndata: {}\n\n", `body /0/data must be an object with property "foo", got an object without it`, `[{"data":{},"event":"addJson"}]`},
		{"no data", ct, "event: addJson\n\n", "", `[{"event":"addJson"}]`},
		{"JSON without a schema, by a reference", ct, "event: any\ndata: [1]\n\n", "", `[{"data":[1],"event":"any"}]`},
		{"no JSON, by a reference", ct, "event: any\ndata: [1\n\n", "body /0/data must be JSON, got a text that ends too early at byte 2", `[{"data":"[1","event":"any"}]`},
		{"else, and allOf", ct, "event: other\ndata: {}\n\n", "body /0/data must be an object with at least 1 property, got 0 properties", `[{"data":{},"event":"other"}]`},
	})
}
