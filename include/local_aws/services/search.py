"""Search: filters, nested filters and sub-expressions over stored resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from include.local_aws.context import Aws
from include.local_aws.registry import operation
from include.local_aws.services.experiments import EXPERIMENT
from include.local_aws.services.trial_components import COMPONENT, measured, parents_of
from include.local_aws.services.trials import TRIAL
from include.local_aws.store import Doc
from include.local_aws.wire import paging
from include.local_aws.wire.errors import validation

Read = Callable[[str], list[Any]]  # a property's values; several for one of many parents


def _plain(aws: Aws, doc: Doc) -> Doc:
    return doc


def _component(aws: Aws, doc: Doc) -> Doc:
    return measured(aws, doc) | {"Parents": parents_of(aws, doc)}


def _package(aws: Aws, doc: Doc) -> Doc:
    return doc


# The SDK's own examples sort by "metrics.validation:accuracy.max".
FREE = {"metrics": "Metrics", "parameters": "Parameters", "parents": "Parents", "tags": "Tags"}
STATISTICS = {"min": "Min", "max": "Max", "avg": "Avg", "last": "Last", "count": "Count"}
# resource -> its kind in the store, the member of a result that holds it, its ARN's member
SEARCHED: dict[str, tuple[str, str, str, Callable[[Aws, Doc], Doc]]] = {
    "Experiment": (EXPERIMENT.kind, "Experiment", "ExperimentArn", _plain),
    "ExperimentTrial": (TRIAL.kind, "Trial", "TrialArn", _plain),
    "ExperimentTrialComponent": (
        COMPONENT.kind,
        "TrialComponent",
        "TrialComponentArn",
        _component,
    ),
    "TrainingJob": ("training-job", "TrainingJob", "TrainingJobArn", _plain),
    "ModelPackage": ("model-package", "ModelPackage", "ModelPackageArn", _package),
    "ModelPackageGroup": (
        "model-package-group",
        "ModelPackageGroup",
        "ModelPackageGroupArn",
        _plain,
    ),
    "Endpoint": ("endpoint", "Endpoint", "EndpointArn", _plain),
}


@operation("sagemaker", "Search")
def search(aws: Aws, request: Doc) -> Doc:
    if request["Resource"] not in SEARCHED:
        known = ", ".join(sorted(SEARCHED))
        raise validation(f"Search over {request['Resource']} is not emulated; {known} are.")
    kind, member, arn, enrich = SEARCHED[request["Resource"]]
    found = []
    for doc in aws.store.list(kind):
        full = enrich(aws, doc) | {"Tags": aws.store.tags(doc[arn])}
        if _holds(request.get("SearchExpression", {}), full):
            found.append(full)
    page, token = paging.page(_sorted(found, request), request)
    return {"Results": [{member: doc} for doc in page], "NextToken": token}


def _sorted(docs: list[Doc], request: Doc) -> list[Doc]:
    """By any property; what lacks it comes last, whichever the direction."""
    by = request.get("SortBy", "LastModifiedTime")
    present = [doc for doc in docs if values(doc, by)]
    absent = [doc for doc in docs if not values(doc, by)]
    reverse = request.get("SortOrder", "Descending") == "Descending"
    return (
        sorted(present, key=lambda doc: _comparable(values(doc, by)[0]), reverse=reverse) + absent
    )


def _comparable(value: Any) -> tuple[int, float, str]:
    number = _number(value)
    return (0, number, "") if number is not None else (1, 0.0, str(value))


def _holds(expression: Doc, doc: Doc) -> bool:
    """Whether *doc* satisfies the expression: And unless it says Or."""
    parts = [_matches(f, lambda p: values(doc, p)) for f in expression.get("Filters", [])]
    parts += [_nested(n, doc) for n in expression.get("NestedFilters", [])]
    parts += [_holds(sub, doc) for sub in expression.get("SubExpressions", [])]
    return any(parts) if expression.get("Operator") == "Or" and parts else all(parts)


def _nested(nested: Doc, doc: Doc) -> bool:
    """True when one element of the list satisfies all filters at once."""
    prefix = nested["NestedPropertyName"]
    elements = [e for e in doc.get(prefix, []) if isinstance(e, dict)]
    return any(
        all(
            _matches(f, lambda p, e=element: values(e, p.removeprefix(f"{prefix}.")))  # type: ignore[misc]
            for f in nested["Filters"]
        )
        for element in elements
    )


def values(doc: Doc, path: str) -> list[Any]:
    """What stands at a property path; Tags, Parameters, Metrics and Parents differ in form."""
    head, _, rest = path.partition(".")
    head = FREE.get(head, head)
    if head == "Tags" and rest:
        return [tag["Value"] for tag in doc.get("Tags", []) if tag["Key"] == rest]
    if head == "Parameters" and rest:
        parameter = doc.get("Parameters", {}).get(rest)
        return list(parameter.values()) if parameter else []
    if head == "Metrics" and rest:
        name, _, statistic = rest.rpartition(".")
        statistic = STATISTICS.get(statistic, statistic)
        found = [m for m in doc.get("Metrics", []) if m["MetricName"] == name]
        return [metric[statistic] for metric in found if statistic in metric]
    value = doc.get(head)
    if not rest:
        return [] if value is None else [value]
    if isinstance(value, list):
        return [v for item in value if isinstance(item, dict) for v in values(item, rest)]
    return values(value, rest) if isinstance(value, dict) else []


def _matches(condition: Doc, read: Read) -> bool:
    operator = condition.get("Operator", "Equals")
    found = read(condition["Name"])
    if operator in ("Exists", "NotExists"):
        exists = len(found) > 0
        return exists if operator == "Exists" else not exists
    wanted = condition.get("Value")
    if wanted is None:
        raise validation(f"Filter on {condition['Name']} with operator {operator} needs a Value.")
    if operator == "NotEquals":
        return not any(_compare("Equals", value, wanted) for value in found)
    return any(_compare(operator, value, wanted) for value in found)


def _compare(operator: str, value: Any, wanted: str) -> bool:
    if operator == "Contains":
        return wanted.lower() in str(value).lower()
    if operator == "In":
        return str(value) in wanted.split(",")
    left, right = _number(value), _number(wanted)
    if operator == "Equals":
        return str(value) == wanted or (left is not None and left == right)
    if left is None or right is None:
        return False
    return {
        "GreaterThan": left > right,
        "GreaterThanOrEqualTo": left >= right,
        "LessThan": left < right,
        "LessThanOrEqualTo": left <= right,
    }[operator]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
