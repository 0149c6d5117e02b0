"""Score whole files by batch transform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import delete, get_or_create, with_retries
from prodml.aws.s3 import objects, split
from prodml.containers import checked, members, of_model, of_version
from prodml.exceptions import InvalidInputError
from prodml.jobs.datasets import model_data
from prodml.naming import job_name, request_hash
from prodml.operators.job import SageMakerJobOperator
from prodml.results import Container, Transformed
from prodml.vocabulary import TRANSFORM, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class BatchTransformOperator(SageMakerJobOperator):
    """
    Run a transform job over S3 objects, by default with several lines in each request.

    A record that the model rejects fails the task once the other files are done, without a retry.
    The outputs of the other files are kept, and the error names the file.

    Give either *model_name* or *containers*; containers are wrapped in a model that is deleted when
    the job has ended.

    Returns ``{"job_name", "model", "output": S3 prefix, "files": [S3 addresses of .out files]}``.

    :param input_uri: An S3 object, or a prefix.
    :param output_uri: The S3 prefix of the results, one ``.out`` for each input object.
    :param model_name: An existing model.
    :param containers: One ``{"Image", "ModelDataUrl", "Environment"}`` or ``{"ModelPackageName"}``,
        or up to 15 that answer in this order as an inference pipeline.
    :param config: Further members of the CreateTransformJob request, such as ``DataProcessing``
        (filters, and the join with the input) or ``MaxPayloadInMB``; they override the defaults.
    :param model_config: Further members of the CreateModel request that wraps *containers*.
    :param content_type: The MIME type of the input.
    :param accept: The MIME type of the output.
    :param split_type: How an object is split into records: ``Line``, ``None``, ...
    :param assemble_with: How responses are joined: ``Line`` or ``None``.
    :param strategy: ``MultiRecord`` or ``SingleRecord``; without a split, an object is one request.
    :param instance_type: The instance type.
    :param instance_count: The number of instances.
    """

    kind = TRANSFORM
    template_fields: Sequence[str] = (
        *SageMakerJobOperator.template_fields,
        "input_uri",
        "output_uri",
        "model_name",
        "containers",
        "content_type",
        "accept",
        "instance_type",
    )

    def __init__(
        self,
        *,
        input_uri: str,
        output_uri: str,
        model_name: str | None = None,
        containers: Sequence[Container] | Sequence[Json] | None = None,
        config: Json | None = None,
        model_config: Json | None = None,
        content_type: str = "text/csv",
        accept: str = "text/csv",
        split_type: str = "Line",
        assemble_with: str = "Line",
        strategy: str = "MultiRecord",
        instance_type: str = "ml.m5.large",
        instance_count: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config or {}, **kwargs)
        self.input_uri = input_uri
        self.output_uri = output_uri
        self.model_name = model_name
        self.containers = containers
        self.model_config = model_config
        self.content_type = content_type
        self.accept = accept
        self.split_type = split_type
        self.assemble_with = assemble_with
        self.strategy = strategy
        self.instance_type = instance_type
        self.instance_count = instance_count

    def build(self, context: Context) -> Json:
        if bool(self.model_name) == bool(self.containers):
            raise InvalidInputError(
                "Give BatchTransformOperator either a model_name or containers."
            )
        defaults = {
            "ModelName": self.model_name or self._temporary_model(context),
            **({} if self.split_type == "None" else {"BatchStrategy": self.strategy}),
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": self.input_uri}},
                "ContentType": self.content_type,
                "SplitType": self.split_type,
            },
            "TransformOutput": {
                "S3OutputPath": self.output_uri,
                "Accept": self.accept,
                "AssembleWith": self.assemble_with,
            },
            "TransformResources": {
                "InstanceType": self.instance_type,
                "InstanceCount": self.instance_count,
            },
        }
        return defaults | self.config

    def prepare(self, context: Context) -> None:
        if not self.containers:
            return
        request: Json = members(self.containers) | (self.model_config or {})
        if self.role_arn:
            request.setdefault("ExecutionRoleArn", self.role_arn)
        name = self._temporary_model(context)
        get_or_create(self.sagemaker.create_model, ModelName=name, **request)

    def _temporary_model(self, context: Context) -> str:
        """Return the name of a model of this task alone, which no endpoint can use."""
        return job_name(self.identity(context), request_hash(self.containers))

    def fingerprint(self, request: Json) -> Any:
        """Return the fingerprint of the model's content instead of its name."""
        containers = self._containers_of(request["ModelName"])
        return super().fingerprint({**request, "ModelName": None, "Containers": containers})

    def _containers_of(self, model: str) -> list[Json]:
        """Return the containers that were given, or those of the *model*."""
        if self.containers:
            return checked(self.containers)
        return of_model(with_retries(self.sagemaker.describe_model, ModelName=model))

    def models(self, description: Json) -> list[str]:
        containers = self._containers_of(description["ModelName"])
        return [uri for container in containers for uri in self._artifacts(container)]

    def _artifacts(self, container: Json) -> list[str]:
        """Return the artifacts of a container, or those of its model package."""
        package = container.get("ModelPackageName")
        if not package:
            return model_data(container)
        description = with_retries(self.sagemaker.describe_model_package, ModelPackageName=package)
        return [uri for part in of_version(description) for uri in model_data(part)]

    def finish(self, context: Context, name: str, description: Json) -> Any:
        if self.containers:
            delete(self.sagemaker.delete_model, ModelName=self._temporary_model(context))
        return super().finish(context, name, description)

    def outputs(self, description: Json) -> list[str]:
        return [description["TransformOutput"]["S3OutputPath"].rstrip("/") + "/"]

    def result(self, name: str, description: Json) -> Transformed:
        output = description["TransformOutput"]["S3OutputPath"].rstrip("/") + "/"
        began = description["CreationTime"].replace(microsecond=0)  # S3 knows whole seconds
        made = (item for item in objects(self.s3, output) if item["LastModified"] >= began)
        files = [item["Key"] for item in made if item["Key"].endswith(".out")]
        bucket, _ = split(output)
        return {
            "job_name": name,
            "model": description["ModelName"],
            "output": output,
            "files": [f"s3://{bucket}/{key}" for key in files],
        }
