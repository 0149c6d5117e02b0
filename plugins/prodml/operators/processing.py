"""Run a script in a SageMaker Processing job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.experiments.trials import component_of
from prodml.jobs import code_archive
from prodml.jobs.script_source import prefix_for_code
from prodml.operators.job import SageMakerJobOperator
from prodml.results import Processed
from prodml.vocabulary import PROCESSING, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class ProcessingJobOperator(SageMakerJobOperator):
    """
    Run a folder of code on a prebuilt image, with inputs from and outputs to S3.

    Returns ``{"job_name", "outputs": {output name: S3 address}, "exit_message",
    "trial_component"}``; the last one is the component that SageMaker made for an
    ``ExperimentConfig``, or None.

    :param config: The CreateProcessingJob request without its name.
    :param source_dir: A local folder, uploaded as one archive under the digest of its content
        and unpacked in the job in ``/opt/ml/processing/input/code``.
    :param entry_point: The script in *source_dir* to run with ``python3``.
    :param arguments: Arguments of the script.
    :param code_prefix: The S3 prefix for uploaded code.
    """

    kind = PROCESSING
    template_fields: Sequence[str] = (
        *SageMakerJobOperator.template_fields,
        "source_dir",
        "entry_point",
        "arguments",
        "code_prefix",
    )

    def __init__(
        self,
        *,
        config: Json,
        source_dir: str | None = None,
        entry_point: str = "main.py",
        arguments: Sequence[str] = (),
        code_prefix: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.source_dir = source_dir
        self.entry_point = entry_point
        self.arguments = arguments
        self.code_prefix = code_prefix

    def build(self, context: Context) -> Json:
        request = dict(self.config)
        if self.role_arn:
            request.setdefault("RoleArn", self.role_arn)
        if self.source_dir:
            self._add_code(request)
        return request

    def _add_code(self, request: Json) -> None:
        prefix = prefix_for_code(self.code_prefix)
        uri = code_archive.send_code(self.s3, str(self.source_dir), prefix)
        request["ProcessingInputs"] = [*request.get("ProcessingInputs", []), code_input(uri)]
        request["AppSpecification"] = request["AppSpecification"] | {
            "ContainerEntrypoint": code_archive.command(self.entry_point)
        }
        if self.arguments:
            request["AppSpecification"]["ContainerArguments"] = [str(a) for a in self.arguments]

    def outputs(self, description: Json) -> list[str]:
        made = description.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return [output["S3Output"]["S3Uri"] for output in made if "S3Output" in output]

    def result(self, name: str, description: Json) -> Mapping[str, Any]:
        return self.processed(name, description)

    def processed(self, name: str, description: Json) -> Processed:
        """Return the outputs of a completed job."""
        outputs = description.get("ProcessingOutputConfig", {}).get("Outputs", [])
        has_component = description.get("ExperimentConfig", {}).get("ExperimentName")
        arn = description["ProcessingJobArn"]
        return {
            "job_name": name,
            "outputs": {o["OutputName"]: o["S3Output"]["S3Uri"] for o in outputs},
            "exit_message": description.get("ExitMessage"),
            "trial_component": component_of(self.sagemaker, arn) if has_component else None,
        }


def code_input(uri: str) -> Json:
    return s3_input("code", uri, code_archive.MOUNTED)


def s3_input(name: str, uri: str, local_path: str) -> Json:
    """Return a ProcessingInput that copies *uri* to *local_path* on every instance."""
    source = {
        "S3Uri": uri,
        "LocalPath": local_path,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"InputName": name, "S3Input": source}
