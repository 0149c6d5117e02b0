"""Run a job over one window of captured traffic, and return its verdict."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, read_json
from prodml.endpoints.captured import captured
from prodml.exceptions import InvalidInputError
from prodml.links.report import publish
from prodml.operators.processing import ProcessingJobOperator, s3_input
from prodml.rendered import moment
from prodml.results import Checked
from prodml.vocabulary import DriftOutcome, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
DATA = "data"
PAGE = "report.html"


class WindowOperator(ProcessingJobOperator):
    """
    Base of the operators that check one window of captured traffic.

    :param captures: The S3 prefixes of the version's captured traffic, above the folders of hours:
        ``DESTINATION/ENDPOINT/VARIANT`` of each endpoint configuration that has served it, such as
        the ``capture`` that :class:`~prodml.operators.deployment.DeployEndpointOperator` returns.
    :param endpoint: The endpoint.
    :param output_uri: The S3 prefix of the report.
    :param window_start: The start of the window, in ISO 8601.
    :param window_end: The end of the window, which it excludes, in ISO 8601.
    :param model_package_arn: The version that answered; named in the report and in the result.
    :param config: The CreateProcessingJob request without name, inputs and outputs.
    """

    report_name = ""
    outcome = ""  # for a map_index_template, which is rendered again after the task has run
    reusable = False  # traffic keeps arriving, so an earlier result can be outdated
    template_fields: Sequence[str] = (
        *ProcessingJobOperator.template_fields,
        "captures",
        "endpoint",
        "output_uri",
        "window_start",
        "window_end",
        "model_package_arn",
    )

    def __init__(
        self,
        *,
        output_uri: str,
        config: Json,
        captures: Sequence[str] | None = None,
        endpoint: str | None = None,
        window_start: str | None = None,
        window_end: str | None = None,
        model_package_arn: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.captures = captures
        self.endpoint = endpoint
        self.output_uri = output_uri
        self.window_start = window_start
        self.window_end = window_end
        self.model_package_arn = model_package_arn

    @abstractmethod
    def command(self) -> list[str]:
        """Return the script's arguments before the window."""

    @abstractmethod
    def other_inputs(self) -> dict[str, str | None]:
        """Return the S3 prefixes of the job's other inputs, by input name."""

    def data(self) -> list[str]:
        """Return the S3 prefixes to check; empty if there is no data."""
        return captured(self.s3, self.captures or [], *self.window())

    def execute(self, context: Context) -> Any:
        if not self.data():
            self.log.info("No data from %s to %s", self.window_start, self.window_end)
            return self._verdict({"outcome": DriftOutcome.NO_DATA.value, "columns": [], "rows": 0})
        # Published before the job starts, so that a failed check has its report too.
        publish(context["ti"], join(self.output_uri, PAGE), self.aws.arguments())
        return super().execute(context)

    def build(self, context: Context) -> Json:
        data = {f"{DATA}-{i}": uri for i, uri in enumerate(self.data())}
        inputs = [_input(name, uri) for name, uri in (data | self.other_inputs()).items() if uri]
        # Continuous, so that files written before a failure are kept.
        output = {"S3Uri": self.output_uri, "LocalPath": OUTPUT, "S3UploadMode": "Continuous"}
        request = super().build(context)
        request["ProcessingInputs"] = [*request.get("ProcessingInputs", []), *inputs]
        request["ProcessingOutputConfig"] = {
            "Outputs": [{"OutputName": "report", "S3Output": output}]
        }
        arguments = [*map(str, self.arguments), *self.command(), *self._bounds()]
        request["AppSpecification"] = request["AppSpecification"] | {
            "ContainerArguments": arguments
        }
        return request

    def _bounds(self) -> list[str]:
        start, end = self.window()
        return ["--start", start.isoformat(), "--end", end.isoformat()]

    def fingerprint(self, request: Json) -> Any:
        """Return the fingerprint without the data, which still grows: the window decides."""
        inputs = request["ProcessingInputs"]
        lasting = [i for i in inputs if not i["InputName"].startswith(self.moving())]
        asked = request | {"ProcessingInputs": lasting}
        return [super().fingerprint(asked), self.captures, self.endpoint]

    def moving(self) -> tuple[str, ...]:
        """Return the prefixes of inputs whose content is not part of the fingerprint."""
        return (DATA,)

    def result(self, name: str, description: Json) -> Checked:
        report = self.processed(name, description)["outputs"]["report"]
        verdict = read_json(self.s3, join(report, self.report_name))
        return self._verdict(verdict, name, report)

    def _verdict(self, verdict: Json, job: str | None = None, report: str | None = None) -> Checked:
        start, end = self.window()
        self.outcome = DriftOutcome(verdict["outcome"]).value
        return {
            "outcome": self.outcome,
            "columns": verdict["columns"],
            "rows": verdict["rows"],
            "answers": verdict.get("answers", 0),
            "warned": verdict.get("warned", []),
            "prediction_drift": verdict.get("prediction_drift", []),
            "joint_drift": verdict.get("joint_drift", []),
            "worse_estimates": verdict.get("worse_estimates", []),
            "drift": verdict.get("drift"),
            "data_quality": verdict.get("data_quality"),
            "reason": verdict.get("reason"),
            "window": {"start": start.isoformat(), "end": end.isoformat()},
            "endpoint": self.endpoint,
            "model_package_arn": self.model_package_arn,
            "job_name": job,
            "report": report,
        }

    def window(self) -> tuple[datetime, datetime]:
        start, end = moment(str(self.window_start)), moment(str(self.window_end))
        if start >= end:
            raise InvalidInputError(
                f"Invalid window: it ends at {end} but starts at {start}. Swap them."
            )
        return start, end


def _input(name: str, uri: str) -> Json:
    """Return a processing input; data-0 is mounted at the folder data/0."""
    return s3_input(name, uri, f"{INPUT}/{name.replace('-', '/')}")
