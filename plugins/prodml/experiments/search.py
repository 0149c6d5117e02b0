"""Make the rows of ExperimentAnalytics from SageMaker's search, without its SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.vocabulary import Json

STATISTICS = ("Min", "Max", "Avg", "StdDev", "Last", "Count")


def searched_rows(aws: Clients, experiment: str, metrics: Sequence[str] = ()) -> list[Json]:
    """Return a row per trial component of *experiment*.

    :param metrics: The metrics of the rows; all if empty.
    """
    return [row_of(component, metrics) for component in components(aws, experiment)]


def components(aws: Clients, experiment: str, *filters: Json) -> Iterator[Json]:
    """Yield the trial components of *experiment* that all *filters* match, the newest first.

    A hundred are read with each call.
    """
    parent = {"Name": "Parents.ExperimentName", "Operator": "Equals", "Value": experiment}
    for page in pages(
        aws.client("sagemaker").search,
        Resource="ExperimentTrialComponent",
        SearchExpression={"Filters": [parent, *filters]},
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
    ):
        yield from (result["TrialComponent"] for result in page["Results"])


def row_of(component: Json, metrics: Sequence[str] = ()) -> Json:
    """Return a searched component as a row of ExperimentAnalytics."""
    parents = component.get("Parents", [])
    source = component.get("Source")
    return {
        "TrialComponentName": component["TrialComponentName"],
        "DisplayName": component.get("DisplayName", ""),
        **({"SourceArn": source["SourceArn"]} if source else {}),
        **{name: _value(cell) for name, cell in component.get("Parameters", {}).items()},
        **dict(_metric_cells(component.get("Metrics", []), metrics)),
        **dict(_artifact_cells(component.get("InputArtifacts", {}))),
        **dict(_artifact_cells(component.get("OutputArtifacts", {}))),
        "Trials": [parent["TrialName"] for parent in parents],
        "Experiments": [parent["ExperimentName"] for parent in parents],
    }


def _value(parameter: Json) -> Any:
    return parameter.get("NumberValue", parameter.get("StringValue"))


def _metric_cells(summaries: Sequence[Json], metrics: Sequence[str]) -> Iterator[tuple[str, float]]:
    for summary in summaries:
        name = summary["MetricName"]
        if metrics and name not in metrics:
            continue
        yield from ((f"{name} - {stat}", summary[stat]) for stat in STATISTICS if stat in summary)


def _artifact_cells(artifacts: Json) -> Iterator[tuple[str, Any]]:
    for name, artifact in artifacts.items():
        for key in ("MediaType", "Value"):
            if artifact.get(key) is not None:
                yield f"{name} - {key}", artifact[key]
