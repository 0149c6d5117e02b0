"""An endpoint's API has one key, in a usage plan whose limits follow the specification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prodml.apis.keys import give_key
from prodml.apis.specification import ApiSpecification


def test_a_key_is_given_once_and_its_limits_follow_the_specification(
    gateway: Any, staged: str, tags: dict[str, str], specify: Callable[..., ApiSpecification]
) -> None:
    def plan_of(**limits: Any) -> tuple[str, dict[str, Any]]:
        key = give_key(gateway, staged, "live", specify(**limits), tags)
        (plan,) = gateway.get_usage_plans(keyId=key)["items"]
        return key, plan

    first, plan = plan_of(rate=2.5, burst=3, quota=100, period="WEEK")
    assert plan["throttle"] == {"rateLimit": 2.5, "burstLimit": 3}
    assert plan["quota"] == {"limit": 100, "offset": 0, "period": "WEEK"}
    again, changed = plan_of(rate=1.0, burst=1)
    assert (again, changed["id"]) == (first, plan["id"])
    assert changed["throttle"] == {"rateLimit": 1.0, "burstLimit": 1}
    assert "quota" not in changed
    stages = [(stage["apiId"], stage["stage"]) for stage in changed["apiStages"]]
    assert stages == [(staged, "live")]
