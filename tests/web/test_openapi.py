"""What the OpenAPI document promises is kept for requests that follow it, and for some that don't."""

from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import positive_data_acceptance
from schemathesis.generation import GenerationMode

from tests.web.desk import serving

BOUNDED = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_server_does_what_its_document_says() -> None:
    asked: set[str] = set()
    with serving() as address:
        schema = schemathesis.openapi.from_url(f"{address}api/openapi.json")
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in GenerationMode:

                @BOUNDED
                @given(case=operation.as_strategy(generation_mode=mode))
                def ask(case: Any) -> None:
                    asked.add(case.path)
                    # No schema can say which text is an article, and in Indonesian.
                    case.call_and_validate(excluded_checks=[positive_data_acceptance], timeout=60)

                # What takes nothing can't be given anything wrong.
                with suppress(*[Unsatisfiable] * (mode is GenerationMode.NEGATIVE)):
                    ask()
    # The document itself isn't asked for again.
    assert asked == set(schema.raw_schema["paths"]) - {"/api/openapi.json"}
