"""FlowApps that tests of the API deploy."""

from __future__ import annotations

GREET = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: greet}
spec:
  version: 1.0.0
  steps:
    - hello: {set: {text: '${ "hello " + .name }'}}
"""

GREET_2 = GREET.replace("1.0.0", "2.0.0").replace("hello ", "good day ")

# Waits for an event, and has its data as output.
LISTEN = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: listen}
spec:
  version: 1.0.0
  steps:
    - first: {set: {begun: true}}
    - paid:
        listen:
          to: {one: {with: {type: com.example.paid}}}
"""

# Faults with an OWS error of its own.
REFUSE = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: refuse}
spec:
  version: 1.0.0
  steps:
    - check: {set: {name: '${ .name }'}}
    - refuse:
        raise:
          error:
            type: https://example.com/errors/card
            status: 402
            title: Card refused
            detail: '${ "the card of " + (.name // "nobody") + " is refused" }'
"""

CALL = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: work}
spec:
  version: 1.0.0
  functions:
    double: {source: cmd/double}
  steps:
    - double: {call: double}
    - rest: {set: {result: '${ .value }'}}
"""


def elsewhere(definition: str, namespace: str) -> str:
    """Return a definition for another namespace."""
    return definition.replace("metadata: {name:", f"metadata: {{namespace: {namespace}, name:")
