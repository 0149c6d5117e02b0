"""A specification states what a deployment contains, and refuses what API Gateway cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from prodml.apis.specification import ANSWERS, ApiSpecification, mapped
from prodml.exceptions import InvalidInputError

ROLE = "arn:aws:iam::000000000000:role/prodml"
PLAIN = ApiSpecification("churn", ROLE)


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"allow_origin": "app.example"}, "https://host"),
        ({"allow_origin": "https://app.example/page"}, "https://host"),
        ({"rate": 0}, "rate is 0"),
        ({"burst": 0}, "burst is 0"),
        ({"quota": 0}, "quota is 0"),
        ({"quota": 1, "period": "YEAR"}, "YEAR"),
    ],
)
def test_what_cannot_be_published_is_refused(members: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        ApiSpecification("churn", ROLE, **members)


@pytest.mark.parametrize("origin", ["*", "https://app.example", "http://localhost:8080"])
def test_an_origin_or_all_may_be_allowed(origin: str) -> None:
    specification = replace(PLAIN, allow_origin=origin)
    assert mapped(specification.headers) == {
        "method.response.header.Access-Control-Allow-Origin": f"'{origin}'"
    }
    assert len(specification.preflight_headers) == 3


def test_limits_change_without_a_deployment() -> None:
    limited = replace(PLAIN, rate=1.0, burst=1, quota=5, period="WEEK")
    assert limited.digest == PLAIN.digest
    changes: tuple[dict[str, Any], ...] = (
        {"schema": {}},
        {"allow_origin": "*"},
        {"role_arn": "r"},
        {"endpoint": "wine"},
    )
    digests = [replace(PLAIN, **change).digest for change in changes]
    assert len({PLAIN.digest, *digests}) == 5


@pytest.mark.parametrize(
    ("status", "answered"),
    [(200, "200"), (424, "400"), (429, "429"), (400, "502"), (404, "502"), (503, "502")],
)
def test_each_status_of_the_endpoint_has_one_answer(status: int, answered: str) -> None:
    chosen = [s for s, pattern, _ in ANSWERS if pattern and re.fullmatch(pattern, str(status))]
    default = [s for s, pattern, _ in ANSWERS if not pattern]
    assert (chosen or default) == [answered]


def test_an_integration_is_of_the_partition_and_passes_json_alone() -> None:
    integration = PLAIN.integration("aws-cn", "cn-north-1")
    assert integration["uri"] == (
        "arn:aws-cn:apigateway:cn-north-1:runtime.sagemaker:path/endpoints/churn/invocations"
    )
    assert integration["passthroughBehavior"] == "NEVER"
    assert list(integration["requestTemplates"]) == ["application/json"]


def test_the_text_of_a_schema_does_not_depend_on_the_order_of_its_members() -> None:
    one = replace(PLAIN, schema={"type": "object", "required": ["age"]})
    two = replace(PLAIN, schema={"required": ["age"], "type": "object"})
    assert (one.schema_text, one.digest) == (two.schema_text, two.digest)
    assert PLAIN.schema_text is None
