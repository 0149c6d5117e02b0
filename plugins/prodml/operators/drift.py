"""Compare what an endpoint is asked with what its model was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.hooks.s3 import join, objects, read_json
from prodml.operators.processing import ProcessingJobOperator, s3_input
from prodml.vocabulary import DriftOutcome, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
REPORT = "drift_report.json"
CAPTURE = "capture"
MOST_INPUTS = 8  # SageMaker takes ten; code and baseline need one each


class DriftCheckOperator(ProcessingJobOperator):
    """
    Check one window of captured traffic against a baseline, in a Processing job.

    The job's script is called with *arguments*, then ``check FOLDER --baseline FOLDER --output
    FOLDER --start ISO --end ISO``. It cuts the traffic by inference time, and writes
    ``drift_report.json`` with at least ``outcome``, ``columns`` and ``rows``. A window without a
    single capture file needs no job: its outcome is ``NO_DATA``.

    Returns ``{"outcome", "columns", "rows", "window": {"start", "end"}, "job_name", "report"}``;
    *report* is the S3 prefix of all files that the job wrote, or None.

    :param capture_uri: The data capture's destination, as the endpoint's configuration names it.
    :param endpoint: The endpoint.
    :param variant: Its production variant.
    :param baseline_uri: The S3 prefix of the baseline.
    :param output_uri: The S3 prefix of the report.
    :param window_start: ISO 8601; the first moment of the window.
    :param window_end: ISO 8601; the first moment after the window.
    :param config: The CreateProcessingJob request without name, inputs and outputs.
    """

    template_fields: Sequence[str] = (
        *ProcessingJobOperator.template_fields,
        "capture_uri",
        "endpoint",
        "variant",
        "baseline_uri",
        "output_uri",
        "window_start",
        "window_end",
    )

    def __init__(
        self,
        *,
        capture_uri: str,
        endpoint: str,
        baseline_uri: str,
        output_uri: str,
        window_start: str,
        window_end: str,
        config: Json,
        variant: str = "AllTraffic",
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.capture_uri = capture_uri
        self.endpoint = endpoint
        self.variant = variant
        self.baseline_uri = baseline_uri
        self.output_uri = output_uri
        self.window_start = window_start
        self.window_end = window_end

    def execute(self, context: Context) -> Any:
        if not self._folders():
            self.log.info("Nothing was captured from %s to %s", self.window_start, self.window_end)
            return self._verdict({"outcome": DriftOutcome.NO_DATA.value, "columns": [], "rows": 0})
        return super().execute(context)

    def build(self, context: Context) -> Json:
        folders = self._folders()
        captured = [
            s3_input(f"{CAPTURE}-{i}", uri, f"{INPUT}/{CAPTURE}/{i}")
            for i, uri in enumerate(folders)
        ]
        inputs = [*captured, s3_input("baseline", self.baseline_uri, f"{INPUT}/baseline")]
        output = {"S3Uri": self.output_uri, "LocalPath": OUTPUT, "S3UploadMode": "EndOfJob"}
        request = super().build(context)
        request["ProcessingInputs"] = [*request.get("ProcessingInputs", []), *inputs]
        request["ProcessingOutputConfig"] = {
            "Outputs": [{"OutputName": "report", "S3Output": output}]
        }
        arguments = [*map(str, self.arguments), *self._question()]
        request["AppSpecification"] = request["AppSpecification"] | {
            "ContainerArguments": arguments
        }
        return request

    def _question(self) -> list[str]:
        start, end = self._window()
        return [
            *("check", f"{INPUT}/{CAPTURE}", "--baseline", f"{INPUT}/baseline"),
            *("--output", OUTPUT, "--start", start.isoformat(), "--end", end.isoformat()),
        ]

    def decisive(self, request: Json) -> Any:
        """Traffic goes on arriving: the window, not the files of the moment, is what is asked."""
        inputs = request["ProcessingInputs"]
        lasting = [i for i in inputs if not i["InputName"].startswith(CAPTURE)]
        asked = request | {"ProcessingInputs": lasting}
        return [super().decisive(asked), self.capture_uri, self.endpoint, self.variant]

    def result(self, name: str, description: Json) -> Json:
        report = super().result(name, description)["outputs"]["report"]
        found = read_json(self.s3, join(report, REPORT))
        return self._verdict(found, name, report)

    def _verdict(self, found: Json, job: str | None = None, report: str | None = None) -> Json:
        start, end = self._window()
        return {
            "outcome": DriftOutcome(found["outcome"]).value,
            "columns": found["columns"],
            "rows": found["rows"],
            "window": {"start": start.isoformat(), "end": end.isoformat()},
            "job_name": job,
            "report": report,
        }

    def _window(self) -> tuple[datetime, datetime]:
        start, end = _moment(self.window_start), _moment(self.window_end)
        if start >= end:
            raise ValueError(f"The window ends at {end}, before it starts at {start}. Swap them.")
        return start, end

    def _folders(self) -> list[str]:
        """The folders of the window that hold something: hours, or days if those are too many."""
        root = join(self.capture_uri, self.endpoint, self.variant)
        start, end = self._window()
        hours = _between(root, start, end, timedelta(hours=1), "%Y/%m/%d/%H")
        days = _between(root, start, end, timedelta(days=1), "%Y/%m/%d")
        for candidates in (hours, days):
            if len(candidates) <= MOST_INPUTS:
                return [uri for uri in candidates if any(objects(self.s3, uri))]
        return [f"{root}/"] if any(objects(self.s3, f"{root}/")) else []


def _between(root: str, start: datetime, end: datetime, step: timedelta, form: str) -> list[str]:
    moment = start.replace(minute=0, second=0, microsecond=0)
    if step.days:
        moment = moment.replace(hour=0)
    folders = []
    while moment < end:
        folders.append(f"{root}/{moment.strftime(form)}/")
        moment += step
    return folders


def _moment(text: str) -> datetime:
    """ISO 8601; a time without an offset is UTC, as everything in SageMaker."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
