"""Check captured traffic and predictions for drift against the training baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import folders, join, objects, read_json
from prodml.exceptions import InvalidInputError
from prodml.links.job import SageMakerLink
from prodml.links.report import DriftReportLink, publish
from prodml.operators.processing import ProcessingJobOperator, s3_input
from prodml.rendered import moment
from prodml.results import Checked
from prodml.vocabulary import DriftOutcome, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

INPUT = "/opt/ml/processing/input"
OUTPUT = "/opt/ml/processing/output"
MOST_LISTED = 48  # folders to list one by one
DATA = "data"
PAGE = "report.html"
MOST_INPUTS = 3  # SageMaker takes ten inputs; code, baseline and the other inputs need the rest


class _WindowOperator(ProcessingJobOperator):
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

    def command(self) -> list[str]:
        """Return the script's arguments before the window."""
        raise NotImplementedError

    def other_inputs(self) -> dict[str, str | None]:
        """Return the S3 prefixes of the job's other inputs, by input name."""
        raise NotImplementedError

    def data(self) -> list[str]:
        """Return the S3 prefixes to check; empty if there is no data."""
        return self.captured(self.captures or [])

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
            "warned": verdict.get("warned", []),
            "prediction_drift": verdict.get("prediction_drift", []),
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

    def captured(self, roots: Sequence[str]) -> list[str]:
        """Return the window's folders that hold data, by hour, or by day if those are too many."""
        start, end = self.window()
        hours = _between(roots, start, end, timedelta(hours=1), "%Y/%m/%d/%H")
        days = _between(roots, start, end, timedelta(days=1), "%Y/%m/%d")
        for candidates in (hours, days):
            if len(candidates) <= MOST_LISTED:
                folders = [uri for uri in candidates if self._holds(uri)]
                if len(folders) <= MOST_INPUTS:
                    return folders
        whole = [uri for root in roots if self._holds(uri := f"{root.rstrip('/')}/")]
        if len(whole) > MOST_INPUTS:
            raise InvalidInputError(
                f"Traffic of {len(whole)} endpoint configurations is in the window, and one job "
                f"reads that of {MOST_INPUTS} at most. Check shorter windows."
            )
        return whole

    def _holds(self, uri: str) -> bool:
        return any(objects(self.s3, uri))


class DriftCheckOperator(_WindowOperator):
    """
    Check one window of captured traffic, or the files of a batch transform, against a baseline.

    The job's script is called with *arguments*, then ``check FOLDER --baseline FOLDER --output
    FOLDER --report-failures`` and further options. It filters traffic by inference time and writes
    ``drift_report.json`` with at least ``outcome``, ``columns`` and ``rows``. A window without a
    capture file needs no job: its outcome is ``NO_DATA``.

    Returns the report's ``outcome``, ``columns``, ``rows`` and, where it has them, ``warned``,
    ``prediction_drift``, ``drift``, ``data_quality`` and ``reason``, with ``window``, ``endpoint``,
    ``model_package_arn``, ``job_name`` and ``report``, the S3 prefix of the job's files. The task
    succeeds with any outcome.

    :param baseline_uri: The S3 prefix of the baseline, or of several that are merged.
    :param predictions_uri: The S3 prefix of the model's predictions for its holdout, one per line.
    :param history_uri: The S3 prefix of one JSON file with earlier verdicts, for the trend.
    :param data_uri: Instead of captured traffic, a batch transform's input: CSV without a header.
    :param answers_uri: That transform's output, one prediction per line.
    """

    report_name = "drift_report.json"
    template_fields: Sequence[str] = (
        *_WindowOperator.template_fields,
        "baseline_uri",
        "predictions_uri",
        "history_uri",
        "data_uri",
        "answers_uri",
    )
    operator_extra_links = (SageMakerLink(), DriftReportLink())

    def __init__(
        self,
        *,
        baseline_uri: str,
        predictions_uri: str | None = None,
        history_uri: str | None = None,
        data_uri: str | None = None,
        answers_uri: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if (data_uri is None) == (kwargs.get("captures") is None):
            raise InvalidInputError(
                "Give either captures, with their endpoint and window, or data_uri."
            )
        self.baseline_uri = baseline_uri
        self.predictions_uri = predictions_uri
        self.history_uri = history_uri
        self.data_uri = data_uri
        self.answers_uri = answers_uri

    def command(self) -> list[str]:
        options = {
            "--baseline-predictions": ("predictions", self.predictions_uri),
            "--history": ("history", self.history_uri),
            "--predictions": ("answers", self.answers_uri),
        }
        given = [(name, f"{INPUT}/{room}") for name, (room, uri) in options.items() if uri]
        return [
            *("check", f"{INPUT}/{DATA}", "--baseline", f"{INPUT}/baseline", "--output", OUTPUT),
            *("--report-failures", *(word for pair in given for word in pair)),
            *(["--no-header"] if self.data_uri else ["--shadow"]),
            *(["--model", self.model_package_arn] if self.model_package_arn else []),
        ]

    def other_inputs(self) -> dict[str, str | None]:
        return {
            "baseline": self.baseline_uri,
            "predictions": self.predictions_uri,
            "history": self.history_uri,
            "answers": self.answers_uri,
        }

    def data(self) -> list[str]:
        if self.data_uri is None:
            return super().data()
        return [self.data_uri] if self._holds(self.data_uri) else []

    def moving(self) -> tuple[str, ...]:
        return ("history",) if self.data_uri else ("history", DATA)

    def _bounds(self) -> list[str]:
        return [] if self.data_uri else super()._bounds()

    def window(self) -> tuple[datetime, datetime]:
        if self.data_uri and not self.window_start:  # a file's rows have no times
            now = datetime.now(UTC)
            return now, now
        return super().window()


class ModelQualityOperator(_WindowOperator):
    """
    Compare a window's predictions with labels that arrived later, joined by inference id.

    The job's script is called with *arguments*, then ``quality FOLDER --labels FOLDER --problem P
    --output FOLDER`` and further options, and writes ``quality_report.json``. A window without
    labels needs no job: its outcome is ``NO_DATA``. Returns the same keys as
    :class:`DriftCheckOperator`; ``columns`` are the metrics that alert.

    :param labels_uri: The S3 prefix of ground truth in the format of SageMaker's merge job, in
        folders ``ENDPOINT/VARIANT/yyyy/mm/dd/hh`` like captured traffic.
    :param problem: ``binary``, ``multiclass`` or ``regression``.
    :param predictions_uri: The S3 prefix of the model's predictions for its holdout, one per line.
    :param holdout_labels_uri: The S3 prefix of that holdout's labels, one per line.
    """

    report_name = "quality_report.json"
    template_fields: Sequence[str] = (
        *_WindowOperator.template_fields,
        "labels_uri",
        "problem",
        "predictions_uri",
        "holdout_labels_uri",
    )

    def __init__(
        self,
        *,
        labels_uri: str,
        problem: str,
        predictions_uri: str | None = None,
        holdout_labels_uri: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.labels_uri = labels_uri
        self.problem = problem
        self.predictions_uri = predictions_uri
        self.holdout_labels_uri = holdout_labels_uri

    def command(self) -> list[str]:
        words = ["quality", f"{INPUT}/{DATA}", "--labels", f"{INPUT}/labels"]
        words += ["--problem", self.problem, "--output", OUTPUT, "--shadow"]
        if self.predictions_uri and self.holdout_labels_uri:
            words += ["--baseline-predictions", f"{INPUT}/predictions"]
            words += ["--baseline-labels", f"{INPUT}/holdout"]
        return words

    def _labels(self) -> list[str]:
        """Return the window's folders of labels, of any variant: ids join them to answers."""
        return self.captured(folders(self.s3, join(self.labels_uri, str(self.endpoint))))

    def other_inputs(self) -> dict[str, str | None]:
        labels = self._labels()
        return {
            **{f"labels-{i}": uri for i, uri in enumerate(labels)},
            "predictions": self.predictions_uri,
            "holdout": self.holdout_labels_uri,
        }

    def data(self) -> list[str]:
        return super().data() if self._labels() else []


def _input(name: str, uri: str) -> Json:
    """Return a processing input; data-0 is mounted at the folder data/0."""
    return s3_input(name, uri, f"{INPUT}/{name.replace('-', '/')}")


def _between(
    roots: Sequence[str], start: datetime, end: datetime, step: timedelta, form: str
) -> list[str]:
    hour = start.replace(minute=0, second=0, microsecond=0)
    first = hour.replace(hour=0) if step.days else hour
    candidates: list[str] = []
    while first < end:
        candidates += [join(root, first.strftime(form)) + "/" for root in roots]
        first += step
    return candidates
