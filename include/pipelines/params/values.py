"""Reference the forms' fields as templated arguments of operators."""

from __future__ import annotations

from typing import Any

from prodml.autoscaling.policies import Policy, TargetTracking
from prodml.autoscaling.scaling import Scaling, Schedule

from include.settings import settings


def _fields(*names: str) -> dict[str, Any]:
    return {name: f"{{{{ params.{name} }}}}" for name in names}


JOBS = _fields("fresh", "follow_logs")
SELECTION = _fields("metric", "direction", "statistic")
ROLLOUT = _fields("rollout", "rollout_step", "rollout_wait")
ALARMS = _fields("max_error_percent", "max_latency_ms")
VERDICT = _fields(
    *("metric", "direction", "min_gain", "confidence"),
    *("hours", "min_requests", "max_error_percent"),
)
API = _fields("allow_origin", "access_log", "rate", "burst", "quota", "period")
SOURCE = _fields("source", "source_conn_id")
LOAD: dict[str, Any] = {
    "rates": "{{ params.rates | join(' ') }}",
    **_fields("step_seconds", "max_p99_ms", "max_error_percent", "share"),
    **_fields("variant", "target_model"),
}
GATE: dict[str, Any] = {
    "auto_approve": "{{ params.auto_approve }}",
    "hours": "{{ params.approval_hours }}",
}


def scaling(*more: Policy | Schedule) -> dict[str, Any]:
    """The form's target tracking and the bounds, with what a pipeline adds to it.

    An empty field keeps what is registered, in production as in the form.
    """
    by_form = TargetTracking(
        target="{{ params.target_invocations }}",
        scale_out_cooldown="{{ params.scale_out_cooldown }}",
        scale_in_cooldown="{{ params.scale_in_cooldown }}",
        disable_scale_in="{{ {'yes': 'true', 'no': 'false'}.get(params.disable_scale_in, '') }}",
        first=settings().target_invocations,
    )
    schedules = [part for part in more if isinstance(part, Schedule)]
    policies = [part for part in more if not isinstance(part, Schedule)]
    return {
        "min_capacity": "{{ params.min_instances }}",
        "max_capacity": "{{ params.max_instances }}",
        "scaling": Scaling([by_form, *policies], schedules),
    }
