"""The checks of one step when its definition is stored: what is accepted can be executed."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.model import ListShape, MapShape, Shape, StructureShape

from ...core.registry import OPERATIONS
from . import auto_ml, conditions, durations, lineage, retries, schema
from .expressions import PROPERTY_FILES, malformed
from .kinds import AUTO_ML, CALLBACK, CONDITION, EXECUTED, FAIL, FOR_EACH, KINDS, LINEAGE
from .paths import BadPath, parsed
from .steps import BODY, Step, own_references, step_of

MOST_ITEMS, MOST_CONCURRENT = 100, 50
VARIABLES = frozenset(
    {
        *("StartDateTime", "CurrentDateTime", "PipelineName", "PipelineArn"),
        *("PipelineExecutionId", "PipelineExecutionArn", "TrainingJobName", "ProcessingJobName"),
    }
)
EXPERIMENT = ("ExperimentName", "TrialName")
PICKS = ("MaxBy", "MinBy")
NO_BODY = frozenset({CONDITION, FAIL, FOR_EACH})  # types that a ForEach body cannot have
COUNTS = (
    *("InputItemCount", "TotalStepCount", "SucceededStepCount"),
    *("FailedStepCount", "StoppedStepCount"),
)
PROPERTIES = {  # of steps that create no resource
    CONDITION: ("Outcome",),
    CALLBACK: ("OutputParameters",),
    FAIL: (),
    LINEAGE: lineage.PROPERTIES,
    FOR_EACH: ("Status", *COUNTS, "IterationOutputs", "Selected"),
}
LISTS = {"HyperParameterTuningJob": "TrainingJobSummaries"}  # properties besides a description


def problem(step: Step, steps: Mapping[str, Step], parameters: set[str]) -> str | None:
    """Return why a step cannot be executed; None if it can."""
    if step.type not in EXECUTED or not _is_emulated(step.type):
        return (
            f"Step {step.name!r} has Type {step.type!r}, which the embedded AWS does not execute. "
            f"Use one of {', '.join(kind for kind in EXECUTED if _is_emulated(kind))}."
        )
    return (
        _references(step, steps, parameters)
        or _retries_and_cache(step)
        or _arguments(step, steps)
        or _dependencies(step, steps)
    )


def _is_emulated(kind: str) -> bool:
    return kind not in KINDS or ("sagemaker", f"Create{KINDS[kind].noun}") in OPERATIONS


def _dependencies(step: Step, steps: Mapping[str, Step]) -> str | None:
    for name, _ in step.depends_on:
        if name not in steps:
            return f"Step {step.name!r} depends on {name!r}, which is not a step."
        other = steps[name]
        if other.loop and other.loop != step.loop:
            return (
                f"Step {step.name!r} depends on {name!r} in the body of {other.loop!r}. "
                f"Depend on {other.loop!r}."
            )
    return None


def _references(step: Step, steps: Mapping[str, Step], parameters: set[str]) -> str | None:
    for reference in own_references(step):
        namespace, _, rest = reference.partition(".")
        known = {
            "Parameters": rest in parameters,
            "Execution": rest in VARIABLES,
            "PipelineExperimentConfig": rest in EXPERIMENT,
            "ForEach": bool(step.loop),
            "IterationOutput": step.type == FOR_EACH,
            "Steps": step_of(reference) in steps,
        }.get(namespace, False)
        if not known:
            return f"Step {step.name!r} refers to {reference!r}, which is not defined."
        if namespace == "Steps" and (reason := _property(reference, steps)):
            return f"Step {step.name!r} refers to {reference!r}. {reason}"
    return None


def _property(reference: str, steps: Mapping[str, Step]) -> str | None:
    """Return why a step cannot have a property; None if it can."""
    try:
        _, name, *path = parsed(reference)
    except BadPath as error:
        return str(error)
    step = steps[str(name)]
    if path[:1] == [PROPERTY_FILES]:
        files = [file.get("PropertyFileName") for file in step.source.get(PROPERTY_FILES) or []]
        return None if path[1:2] and path[1] in files else f"Step {name!r} has no such file."
    if step.type in KINDS:
        kind = KINDS[step.type]
        if step.type == AUTO_ML and path[:1] == [auto_ml.REPORTS]:
            return auto_ml.NO_REPORTS
        if path[:1] == [LISTS.get(kind.noun)]:
            return None
        return None if _has(kind.output, path) else f"Step {name!r} has no such property."
    if not path or path[0] not in PROPERTIES[step.type]:
        return f"A {step.type} step has no such property."
    return None


def _has(shape: Shape, path: list[str | int]) -> bool:
    for token in path:
        if isinstance(shape, StructureShape) and token in shape.members:
            shape = shape.members[token]
        elif isinstance(shape, ListShape):
            shape = shape.member
        elif isinstance(shape, MapShape):
            shape = shape.value
        else:
            return False
    return True


def _retries_and_cache(step: Step) -> str | None:
    kind = KINDS.get(step.type)
    if step.source.get("RetryPolicies"):
        if not (kind and kind.is_retried):
            return f"Step {step.name!r} of Type {step.type} cannot have RetryPolicies. Remove them."
        if reason := retries.problem(step.source["RetryPolicies"]):
            return f"Step {step.name!r}: {reason}"
    config = step.source.get("CacheConfig") or {}
    if config.get("Enabled") and not (step.type == CALLBACK or (kind and kind.is_cached)):
        return f"Step {step.name!r} of Type {step.type} cannot have a CacheConfig. Remove it."
    if expiry := config.get("ExpireAfter"):
        try:
            durations.seconds(str(expiry))
        except ValueError as error:
            return f"ExpireAfter of step {step.name!r}: {error}"
    return None


def _arguments(step: Step, steps: Mapping[str, Step]) -> str | None:
    arguments = step.arguments
    if reason := malformed([arguments, step.source.get("SqsQueueUrl")]):
        return f"In step {step.name!r}, {reason}"
    if kind := KINDS.get(step.type):
        if reason := schema.problem(arguments, kind.input):
            return f"{reason} In step {step.name!r}."
        # The others are named by the service.
        made = "" if kind.is_updated else kind.name
        if missing := schema.missing(arguments, kind.input, made):
            return f"Step {step.name!r} lacks the argument {missing[0]!r}."
    if step.type == AUTO_ML:
        return auto_ml.problem(step)
    if step.type == LINEAGE:
        return lineage.problem(step)
    if step.type == CONDITION:
        reasons = map(conditions.problem, arguments.get("Conditions") or [None])
        if reason := next(filter(None, reasons), None):
            return f"Step {step.name!r}: {reason}"
    if step.type == CALLBACK and not step.source.get("SqsQueueUrl"):
        return f"Step {step.name!r} needs an SqsQueueUrl."
    return _loop(step, steps) if step.type == FOR_EACH else None


def _loop(step: Step, steps: Mapping[str, Step]) -> str | None:
    arguments = step.arguments
    items, most = arguments.get("IterableItems"), arguments.get("MaxConcurrency")
    body = [other for other in steps.values() if other.loop == step.name]
    if isinstance(items, list) and not 1 <= len(items) <= MOST_ITEMS:
        return f"IterableItems of step {step.name!r} must have 1 to {MOST_ITEMS} elements."
    if not isinstance(items, list | dict):
        return f"IterableItems of step {step.name!r} must be a list or a reference."
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_CONCURRENT:
        return f"MaxConcurrency of step {step.name!r} must be 1 to {MOST_CONCURRENT}, not {most!r}."
    if wrong := [other for other in body if other.type in NO_BODY]:
        return f"{BODY} of step {step.name!r} cannot contain the {wrong[0].type} {wrong[0].name!r}."
    if not body:
        return f"{BODY} of step {step.name!r} must not be empty."
    return _selector(step, {other.name for other in body})


def _selector(step: Step, body: set[str]) -> str | None:
    selector = step.arguments.get("Selector")
    if selector is None:
        return None
    if selector.get("Pick") not in PICKS:
        return f"Pick of step {step.name!r} must be one of {', '.join(PICKS)}."
    given = selector.get("Field")
    field = given.get("Get", "") if isinstance(given, dict) else given
    namespace, _, rest = str(field).partition(".")
    if namespace != "IterationOutput" or step_of(f"Steps.{rest}") not in body:
        return (
            f"Field of step {step.name!r} must refer to IterationOutput and one of "
            f"{', '.join(sorted(body))}, not {field!r}."
        )
    return None
