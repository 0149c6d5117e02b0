"""The values that the expressions of one step see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...core.s3_files import split_uri
from ...core.store import Doc
from .expressions import Unresolved
from .paths import BadPath, lookup
from .state import Execution
from .steps import Step

PROPERTIES = "Properties"  # of a step's state
LARGEST = 5 << 20  # bytes of a JSON file that is read


class StepScope:
    """Looks up references for *step* of an execution."""

    def __init__(self, execution: Execution, step: Step, job: str = "") -> None:
        """Read the execution's document once.

        :param job: The name of the job that the step starts.
        """
        self._execution = execution
        self._doc = execution.doc
        self._step = step
        self._job = job

    def value(self, reference: str) -> Any:
        """Return the value of `Parameters.X`, `Steps.X.Y`, ...; raise Unresolved."""
        namespace, _, path = reference.partition(".")
        if namespace == "Steps":
            return self._property(reference, path)
        if namespace == "ForEach":
            return self._item(reference)
        known: dict[str, Any] = {
            "Parameters": self._doc["Parameters"],
            "Execution": self._variables(),
            "PipelineExperimentConfig": self._doc.get("PipelineExperimentConfig") or {},
        }
        try:
            return known[namespace][path]
        except KeyError:
            raise Unresolved(f"Cannot resolve {reference}.") from None

    def _variables(self) -> Doc:
        started = datetime.fromtimestamp(self._doc["CreationTime"], UTC)
        return {
            "StartDateTime": started.isoformat(),
            "CurrentDateTime": datetime.now(UTC).isoformat(),
            "PipelineName": self._doc["PipelineName"],
            "PipelineArn": self._doc["PipelineArn"],
            "PipelineExecutionId": self._execution.id,
            "PipelineExecutionArn": self._execution.arn,
            "TrainingJobName": self._job,
            "ProcessingJobName": self._job,
        }

    def _property(self, reference: str, path: str) -> Any:
        name = path.partition(".")[0].partition("[")[0]
        properties = self._doc["Steps"].get(self._name(name), {}).get(PROPERTIES, {})
        try:
            return lookup(properties, path[len(name) :])
        except BadPath as error:
            raise Unresolved(f"Cannot resolve {reference}. {error}.") from None

    def _name(self, step: str) -> str:
        """Return the name of another step of the same iteration, or of any other step."""
        iteration = self._step.iteration
        return f"{step}-{iteration.index}" if iteration and step in self._step.siblings else step

    def _item(self, reference: str) -> Any:
        item = self._step.iteration.item if self._step.iteration else None
        path = reference.removeprefix("ForEach.CurrentItem")
        if not path:
            return item
        try:
            return lookup(json.loads(item) if isinstance(item, str) else item, path)
        except (BadPath, ValueError):
            raise Unresolved(f"Cannot resolve {reference} of the item {item!r}.") from None

    def property_file(self, reference: str) -> str:
        """Return the S3 address of `Steps.X.PropertyFiles.Y`; raise Unresolved."""
        _, name, _, wanted = reference.split(".", 3)
        sources = self._execution.definition.steps[name].source.get("PropertyFiles", [])
        file = next(file for file in sources if file["PropertyFileName"] == wanted)
        output = f"Steps.{name}.ProcessingOutputConfig.Outputs['{file['OutputName']}'].S3Output"
        uri = str(self.value(f"{output}.S3Uri"))
        return f"{uri.rstrip('/')}/{file['FilePath'].lstrip('/')}"

    def json_value(self, uri: str, path: str) -> Any:
        """Return the value at *path* of a JSON file; raise Unresolved."""
        bucket, key = split_uri(uri)
        s3 = self._execution.aws.client("s3", self._execution.role)
        try:
            with s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
                document = json.loads(body.read(LARGEST))
            return lookup(document, path)
        except (ClientError, BotoCoreError) as error:
            raise Unresolved(f"Cannot read the file {uri}: {error}") from None
        except BadPath as error:
            raise Unresolved(f"JsonGet of {uri}: {error}.") from None
        except ValueError:
            raise Unresolved(f"The file {uri} is not JSON.") from None
