"""Write the lineage of a trial: its data, its jobs, and what serves its model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import pages, with_retries
from prodml.aws.s3 import put_text
from prodml.containers import of_version
from prodml.endpoints.versions import describe_version
from prodml.jobs.datasets import model_data
from prodml.links.report import LineageLink, publish
from prodml.operators.base import AwsOperator
from prodml.reports.lineage import page
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

COLUMNS = ("step", "kind", "name", "status", "started", "ended")


class LineageOperator(AwsOperator):
    """
    Write one trial's lineage as a table: preprocessing, training, transform, version, endpoint.

    The rows are the trial's components by start time, then the versions of *group* that contain the
    model that a job of the trial wrote, then the endpoint or component if it serves one of them.

    Returns ``{"trial", "csv", "page", "rows": [{"step", "kind", "name", "status", "started",
    "ended"}]}``. The task's *Lineage* button opens the page.

    :param trial: The trial.
    :param group: The model package group to search for its model.
    :param endpoint: The endpoint that may serve it.
    :param component: The inference component on *endpoint* that may serve it.
    :param output_uri: The S3 address of the CSV file, ``.../lineage.csv``; the page is next to it.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "trial",
        "group",
        "endpoint",
        "output_uri",
        "component",
    )
    operator_extra_links = (LineageLink(),)

    def __init__(
        self,
        *,
        trial: str,
        group: str,
        endpoint: str,
        output_uri: str,
        component: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.trial = trial
        self.group = group
        self.endpoint = endpoint
        self.output_uri = output_uri
        self.component = component

    def execute(self, context: Context) -> Json:
        components = sorted(self._components(), key=_began)
        rows = [_component_row(component) for component in components]
        written = [uri for component in components for uri in _outputs(component)]
        versions = [v for v in self._versions() if _is_of(_artifacts(v), written)]
        rows += [_version_row(version) for version in versions]
        rows += self._serving({v["ModelPackageArn"] for v in versions})
        for place, row in enumerate(rows, start=1):
            row["step"] = place
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.log.info("%s", text.getvalue())
        uri = put_text(self.s3, self.output_uri, text.getvalue())
        shown = put_text(
            self.s3,
            f"{self.output_uri.removesuffix('.csv')}.html",
            page(self.trial, COLUMNS, rows),
            "text/html",
        )
        publish(context["ti"], shown, self.aws.arguments())
        return {"trial": self.trial, "csv": uri, "page": shown, "rows": rows}

    def _components(self) -> Iterator[Json]:
        for listed in pages(self.sagemaker.list_trial_components, TrialName=self.trial):
            for summary in listed["TrialComponentSummaries"]:
                yield with_retries(
                    self.sagemaker.describe_trial_component,
                    TrialComponentName=summary["TrialComponentName"],
                )

    def _versions(self) -> Iterator[Json]:
        for listed in pages(self.sagemaker.list_model_packages, ModelPackageGroupName=self.group):
            for summary in listed["ModelPackageSummaryList"]:
                yield describe_version(self.sagemaker, summary["ModelPackageArn"])

    def _serving(self, versions: set[str]) -> list[Json]:
        from prodml.endpoints.endpoint import Endpoint
        from prodml.endpoints.hosted import Hosted, status

        if self.component:
            hosted = Hosted(self.aws, self.component)
            if not versions & set(hosted.packages()) or not (component := hosted.describe()):
                return []
            row = _row("inference-component", self.component, status(component))
            return [row | {"started": str(component["CreationTime"])}]
        endpoint = Endpoint(self.aws, self.endpoint)
        description = endpoint.describe()
        if not description or not versions & set(endpoint.packages()):
            return []
        row = _row("endpoint", self.endpoint, description["EndpointStatus"])
        return [row | {"started": str(description["CreationTime"])}]


def _began(component: Json) -> str:
    """Return when a component started, or was created if no job stands for it."""
    return str(component.get("StartTime") or component["CreationTime"])


def _component_row(component: Json) -> Json:
    source = component.get("Source", {}).get("SourceArn", "")
    kind = source.split(":")[-1].partition("/")[0] or "component"
    shown = component.get("DisplayName") or component["TrialComponentName"]
    status = component.get("Status", {}).get("PrimaryStatus", "")
    times = {
        "started": str(component.get("StartTime", "")),
        "ended": str(component.get("EndTime", "")),
    }
    return _row(kind, shown, status) | times


def _version_row(version: Json) -> Json:
    row = _row("model-package", version["ModelPackageArn"], version["ModelApprovalStatus"])
    return row | {"started": str(version["CreationTime"])}


def _row(kind: str, name: str, status: str) -> Json:
    return dict.fromkeys(COLUMNS, "") | {"kind": kind, "name": name, "status": status}


def _outputs(component: Json) -> list[str]:
    return [artifact["Value"] for artifact in component.get("OutputArtifacts", {}).values()]


def _is_of(artifacts: Sequence[str], written: Sequence[str]) -> bool:
    """Return whether one of *artifacts* was *written*, or lies below an address that was."""
    folders = tuple(f"{uri.rstrip('/')}/" for uri in written)
    return any(f"{uri}/".startswith(folders) for uri in artifacts)


def _artifacts(version: Json) -> list[str]:
    return [uri for container in of_version(version) for uri in model_data(container)]
