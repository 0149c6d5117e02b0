"""Fields that several forms have."""

from __future__ import annotations

import pytest
from prodml.endpoints.rollout import Rollout, Strategy

from include.pipelines.params import fields
from include.settings import settings
from tests.include.pipelines.params.forms import defaults, refuses, takes


def test_an_empty_capacity_keeps_what_is_registered() -> None:
    form = defaults(fields.CAPACITY)
    assert form.pop("disable_scale_in") == "as it is"
    assert set(form.values()) == {None}
    described = str(fields.CAPACITY["target_invocations"].description)
    assert f"the first time {settings().target_invocations}." in described


@pytest.mark.parametrize(("name", "value"), [("min_instances", 0), ("scale_in_cooldown", -1)])
def test_capacities_have_bounds(name: str, value: int) -> None:
    refuses(fields.CAPACITY, name, value)


def test_the_rollout_fields_start_with_the_pipelines_own() -> None:
    form = fields.rollout(Rollout(Strategy.CANARY, step=25, wait=60))
    shown = defaults(form)
    assert (shown["rollout"], shown["rollout_step"], shown["rollout_wait"]) == ("canary", 25, 60)
    for strategy in Strategy:
        takes(form, "rollout", strategy.value)


def test_a_moment_may_stay_empty() -> None:
    form = {"at": fields.moment("Moment", "A moment.")}
    assert defaults(form) == {"at": None}
    refuses(form, "at", "noon")


def test_an_instant_may_stay_empty_or_be_a_day() -> None:
    form = {"at": fields.instant("Instant", "An instant.")}
    assert defaults(form) == {"at": None}
    for text in ("2024-02-29", "2024-02-29T06:00:00+02:00", "2024-02-29T06:00:00Z"):
        takes(form, "at", text)
    for text in ("noon", "2024-02-30", "2024-02-29T25:00:00Z"):
        refuses(form, "at", text)


def test_approval_ends_within_a_week() -> None:
    refuses({"hours": fields.APPROVAL_HOURS}, "hours", 169)
