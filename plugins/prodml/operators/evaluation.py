"""Evaluate a model, and its rival, on a holdout in a Processing job, and show the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, put_text, read_json
from prodml.exceptions import InvalidInputError
from prodml.links.job import SageMakerLink
from prodml.links.report import EvaluationLink, publish
from prodml.operators.processing import ProcessingJobOperator
from prodml.reports.evaluation import page
from prodml.results import Evaluated
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

DOCUMENT = "evaluation.json"


class EvaluationOperator(ProcessingJobOperator):
    """
    Run a job that writes ``evaluation.json``, and make a page of it.

    The file has the form of the model registry's metrics, and a member ``prodml`` with scores,
    curves and segments of one or two models; `include/jobs/evaluation` writes it. The job reads
    all rows; the task reads that file alone.

    Returns the result of :class:`ProcessingJobOperator`, with ``evaluation`` and ``page``, the S3
    addresses of the file and of the page.

    :param output_name: The job's output with the file.
    :param subject: What the page is headed by, such as the name of the model.
    """

    template_fields: Sequence[str] = (*ProcessingJobOperator.template_fields, "subject")
    operator_extra_links = (SageMakerLink(), EvaluationLink())

    def __init__(self, *, subject: str, output_name: str = "evaluation", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject
        self.output_name = output_name

    def finish(self, context: Context, name: str, description: Json) -> Evaluated:
        result: Evaluated = super().finish(context, name, description)
        publish(context["ti"], result["page"], self.aws.arguments())
        return result

    def result(self, name: str, description: Json) -> Evaluated:
        processed = self.processed(name, description)
        if self.output_name not in processed["outputs"]:
            raise InvalidInputError(
                f"{name} has the outputs {sorted(processed['outputs'])}, and no "
                f"{self.output_name!r}. Add it to the job's ProcessingOutputConfig."
            )
        folder = processed["outputs"][self.output_name].rstrip("/")
        document = join(folder, DOCUMENT)
        shown = page(self.subject, read_json(self.s3, document)["prodml"])
        # Not below the job's output, which would no longer be what the job wrote.
        at = join(folder.rpartition("/")[0], "reports", f"{self.output_name}.html")
        report = put_text(self.s3, at, shown, "text/html")
        return {**processed, "evaluation": document, "page": report}
