"""Debugger members of a training job: refuse what needs tensors, evaluate the other rules."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from ...core.store import Doc
from ...wire.errors import validation
from ..jobs import rule_statuses
from ..jobs.runner import Job
from .debug_rules import NAMES, SCALAR, STALLED, STALLED_NUMBERS, Detector, numbers_of

RULES, PROFILER_RULES = "DebugRuleConfigurations", "ProfilerRuleConfigurations"
SCALARS = ("losses", "metrics")  # collections of scalars, which metric definitions replace
# They find a problem of a GPU, which an instance without one cannot have.
OF_GPU = frozenset(
    {
        "BatchSize",
        "CPUBottleneck",
        "GPUMemoryIncrease",
        "IOBottleneck",
        "LoadBalancing",
        "LowGPUUtilization",
    }
)
WITH_GPU = re.compile(r"ml\.(p|g|trn|inf)\d")
INVOKED, ACTIONS, PREFIX = "rule_to_invoke", "action_json", "training_job_prefix"
STOPS = "stop_training_on_fire"
CHECK = 1.0  # seconds between two checks for stalled training, at most


def check(request: Doc) -> None:
    """Refuse what is not evaluated, by its name."""
    for collection in request.get("DebugHookConfig", {}).get("CollectionConfigurations", []):
        if (name := collection.get("CollectionName")) not in SCALARS:
            raise validation(
                f"DebugHookConfig: the tensors of collection {name} are not emulated; use "
                f"{' or '.join(SCALARS)}."
            )
    if request.get("ProfilerConfig", {}).get("ProfilingParameters"):
        raise validation("ProfilerConfig: ProfilingParameters of frameworks are not emulated.")
    for rule in request.get(RULES, []):
        _check_rule(rule)
    kind = request.get("ResourceConfig", {}).get("InstanceType", "")
    for rule in request.get(PROFILER_RULES, []):
        _check_profiler_rule(rule, kind)


def _check_rule(rule: Doc) -> None:
    name, parameters = _invoked(rule), rule.get("RuleParameters", {})
    if name not in (*SCALAR, STALLED):
        raise validation(
            f"{RULES}: the rule {name} needs tensors and is not emulated; evaluated are "
            f"{', '.join((*SCALAR, STALLED))}."
        )
    defaults = STALLED_NUMBERS if name == STALLED else SCALAR[name].NUMBERS
    own = (*defaults, *NAMES, INVOKED, ACTIONS, STOPS, "training_job_name_prefix")
    if unknown := sorted(set(parameters) - set(own)):
        raise validation(f"{RULES}: the parameter {unknown[0]} of {name} is not emulated.")
    try:
        numbers_of(defaults, parameters)
        re.compile(parameters.get("tensor_regex", ""))
        names = [action.get("name") for action in _actions(parameters)]
    except (ValueError, AttributeError, re.error) as error:
        raise validation(f"{RULES}: invalid parameters of {name}: {error}.") from None
    if others := [action for action in names if action != "stoptraining"]:
        raise validation(f"{RULES}: the action {others[0]} of {name} is not emulated.")


def _check_profiler_rule(rule: Doc, instance_type: str) -> None:
    if (name := _invoked(rule)) not in OF_GPU:
        raise validation(
            f"{PROFILER_RULES}: the rule {name} is not emulated; evaluated are "
            f"{', '.join(sorted(OF_GPU))}."
        )
    if WITH_GPU.match(instance_type):
        raise validation(
            f"{PROFILER_RULES}: the rule {name} is not emulated on {instance_type}, whose GPU the "
            "embedded AWS does not have."
        )


def _invoked(rule: Doc) -> str:
    name = rule["RuleConfigurationName"]
    return str(rule.get("RuleParameters", {}).get(INVOKED, f"of {name}, a custom one,"))


def _actions(parameters: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the actions of a rule; the SDK escapes the quotes of one, and may send a list."""
    text = parameters.get(ACTIONS, "").replace('\\"', '"')
    stated: Any = json.loads(text) if text else []
    return stated if isinstance(stated, list) else [stated]


def initial(request: Doc, now: float) -> Doc:
    """Return the members of a new job's description."""
    members: Doc = {}
    for rules, statuses in ((RULES, rule_statuses.DEBUG), (PROFILER_RULES, rule_statuses.PROFILER)):
        if stated := request.get(rules):
            members[statuses] = [
                {
                    "RuleConfigurationName": rule["RuleConfigurationName"],
                    "RuleEvaluationStatus": "InProgress",
                    "LastModifiedTime": now,
                }
                for rule in stated
            ]
    if "ProfilerConfig" in request:
        is_off = request["ProfilerConfig"].get("DisableProfiler", False)
        members["ProfilingStatus"] = "Disabled" if is_off else "Enabled"
    return members


def ended(doc: Doc, now: float) -> Doc:
    """Return the final statuses of the rules that found nothing."""
    return rule_statuses.settled(doc, RuleEvaluationStatus="NoIssuesFound", LastModifiedTime=now)


class Evaluation:
    """The rules of one job while it trains."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._loop = asyncio.get_running_loop()
        self._rules: dict[str, Doc] = {
            rule["RuleConfigurationName"]: rule.get("RuleParameters", {})
            for rule in job.doc.get(RULES, [])
        }
        self._detectors: dict[str, Detector] = {
            name: SCALAR[parameters[INVOKED]](parameters)
            for name, parameters in self._rules.items()
            if parameters[INVOKED] in SCALAR
        }
        self._last = time.monotonic()

    def see(self, metric: str, value: float) -> None:
        """Evaluate a value of a metric; called in the thread that reads the log."""
        self._last = time.monotonic()
        for name, detector in list(self._detectors.items()):
            if (step := detector.see(metric, value)) is not None:
                del self._detectors[name]
                self._loop.call_soon_threadsafe(self._met, name, step)

    async def watch(self) -> None:
        """Find training that reports nothing for a while; without end."""
        limits = dict(self._stalled())
        self._last = time.monotonic()
        while limits:
            await asyncio.sleep(min(CHECK, *limits.values()))
            silent = time.monotonic() - self._last
            for name in [name for name, limit in limits.items() if silent >= limit]:
                del limits[name]
                self._met(name, 0)

    def _stalled(self) -> Iterator[tuple[str, float]]:
        for name, parameters in self._rules.items():
            if parameters[INVOKED] == STALLED:
                threshold = numbers_of(STALLED_NUMBERS, parameters)["threshold"]
                yield name, self._job.aws.clock.real(threshold)

    def _met(self, name: str, step: int) -> None:
        """Record that the condition of the rule is met, and execute its action."""
        parameters = self._rules[name]
        details = (
            f"RuleEvaluationConditionMet: Evaluation of the rule {parameters[INVOKED]} at step "
            f"{step} resulted in the condition being met\n"
        )
        changes = {
            "RuleEvaluationStatus": "IssuesFound",
            "StatusDetails": details,
            "LastModifiedTime": self._job.aws.clock.now(),
        }
        statuses = [
            one | changes if one["RuleConfigurationName"] == name else one
            for one in self._job.doc.get(rule_statuses.DEBUG, [])
        ]
        self._job.update(**{rule_statuses.DEBUG: statuses})
        if self._stops(parameters) and self._job.doc["TrainingJobStatus"] == "InProgress":
            self._job.update(TrainingJobStatus="Stopping", SecondaryStatus="Stopping")
            self._stopping = self._loop.create_task(self._job.stop())

    def _stops(self, parameters: Doc) -> bool:
        if parameters[INVOKED] == STALLED and parameters.get(STOPS, "").lower() == "true":
            return True
        prefixes = [action.get(PREFIX, "") for action in _actions(parameters)]
        return any(self._job.name.startswith(prefix) for prefix in prefixes)
