"""Check captured traffic and predictions for drift against the training baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prodml.aws.s3 import folders, holds_something, join
from prodml.endpoints.captured import captured
from prodml.exceptions import InvalidInputError
from prodml.links.job import SageMakerLink
from prodml.links.report import DriftReportLink
from prodml.operators.drift_window import DATA, INPUT, OUTPUT, WindowOperator


class DriftCheckOperator(WindowOperator):
    """
    Check one window of captured traffic, or the files of a batch transform, against a baseline.

    The job's script is called with *arguments*, then ``check FOLDER --baseline FOLDER --output
    FOLDER --report-failures`` and further options. It filters traffic by inference time and writes
    ``drift_report.json`` with at least ``outcome``, ``columns`` and ``rows``. A window without a
    capture file needs no job: its outcome is ``NO_DATA``.

    Returns the report's ``outcome``, ``columns``, ``rows``, ``answers`` and, where it has them,
    ``warned``, ``prediction_drift``, ``joint_drift`` (pairs of columns that no longer go together),
    ``worse_estimates``, ``drift``, ``data_quality`` and ``reason``, with ``window``, ``endpoint``,
    ``model_package_arn``, ``job_name`` and ``report``, the S3 prefix of the job's files. The task
    succeeds with any outcome.

    :param baseline_uri: The S3 prefix of the baseline, or of several that are merged.
    :param predictions_uri: The S3 prefix of the model's predictions for its holdout, one per line.
    :param calibration_uri: The S3 address of the model's ``calibration.json``, by which the check
        estimates its scores without labels.
    :param options: Further options of ``check``, such as ``--joint 0.03 0.08``.
    :param history_uri: The S3 prefix of one JSON file with earlier verdicts, for the trend.
    :param data_uri: Instead of captured traffic, a batch transform's input: CSV without a header.
        Where the baseline has a contract, its key may stand before the columns.
    :param answers_uri: That transform's output, a prediction at the end of each line.
    """

    report_name = "drift_report.json"
    template_fields: Sequence[str] = (
        *WindowOperator.template_fields,
        "baseline_uri",
        "predictions_uri",
        "calibration_uri",
        "options",
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
        calibration_uri: str | None = None,
        options: Sequence[str] = (),
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
        self.calibration_uri = calibration_uri
        self.options = options
        self.history_uri = history_uri
        self.data_uri = data_uri
        self.answers_uri = answers_uri

    def command(self) -> list[str]:
        options = {
            "--baseline-predictions": ("predictions", self.predictions_uri),
            "--calibration": ("calibration", self.calibration_uri),
            "--history": ("history", self.history_uri),
            "--predictions": ("answers", self.answers_uri),
        }
        given = [(name, f"{INPUT}/{room}") for name, (room, uri) in options.items() if uri]
        return [
            *("check", f"{INPUT}/{DATA}", "--baseline", f"{INPUT}/baseline", "--output", OUTPUT),
            *("--report-failures", *self.options, *(word for pair in given for word in pair)),
            *(["--no-header"] if self.data_uri else ["--shadow"]),
            *(["--model", self.model_package_arn] if self.model_package_arn else []),
        ]

    def other_inputs(self) -> dict[str, str | None]:
        return {
            "baseline": self.baseline_uri,
            "predictions": self.predictions_uri,
            "calibration": self.calibration_uri,
            "history": self.history_uri,
            "answers": self.answers_uri,
        }

    def data(self) -> list[str]:
        if self.data_uri is None:
            return super().data()
        return [self.data_uri] if holds_something(self.s3, self.data_uri) else []

    def moving(self) -> tuple[str, ...]:
        return ("history",) if self.data_uri else ("history", DATA)

    def _bounds(self) -> list[str]:
        return [] if self.data_uri else super()._bounds()

    def window(self) -> tuple[datetime, datetime]:
        if self.data_uri and not self.window_start:  # a file's rows have no times
            now = datetime.now(UTC)
            return now, now
        return super().window()


class ModelQualityOperator(WindowOperator):
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
        *WindowOperator.template_fields,
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
        variants = folders(self.s3, join(self.labels_uri, str(self.endpoint)))
        return captured(self.s3, variants, *self.window())

    def other_inputs(self) -> dict[str, str | None]:
        labels = self._labels()
        return {
            **{f"labels-{i}": uri for i, uri in enumerate(labels)},
            "predictions": self.predictions_uri,
            "holdout": self.holdout_labels_uri,
        }

    def data(self) -> list[str]:
        return super().data() if self._labels() else []
