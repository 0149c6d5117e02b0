"""Register trained models in the model registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import refused, with_retries
from prodml.containers import checked, of_version
from prodml.endpoints.versions import describe_version
from prodml.naming import REQUEST, request_hash
from prodml.notifications.outbox import post
from prodml.notifications.version_events import Rejected
from prodml.operators.base import AwsOperator
from prodml.results import Container, Registered
from prodml.vocabulary import Approval, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

TOKEN = 36
NEWEST = 20  # versions among which an earlier try's is sought; AWS knows the token of older ones
# Optional for a version of a group; with them AWS may refuse to deploy it on other types.
TYPES = ("SupportedRealtimeInferenceInstanceTypes", "SupportedTransformInstanceTypes")
REASON = 1024  # SageMaker's limit for a description


class RegisterModelPackageOperator(AwsOperator):
    """
    Register a version of a model package group; the same request never makes a second version.

    A version has no name that could be taken. With its client token, AWS answers a repeated create
    with the same version; once the token has expired, the request's hash in the metadata finds it.

    Returns ``{"model_package_arn", "version", "approval", "created"}``.

    :param group: The model package group.
    :param containers: The serving containers, each ``{"Image", "ModelDataUrl", "Environment"}``:
        one, or up to 15 that answer in this order as an inference pipeline.
    :param approval: ``Approved``, ``Rejected`` or ``PendingManualApproval``.
    :param approval_description: The reason, in a sentence.
    :param description: The version's description.
    :param metadata: Properties of the version; a list is joined with spaces.
    :param metrics: Numbers to store with the version, as ``metric:<name>``.
    :param model_quality: The S3 address of a JSON file with the metrics of the model's quality, as
        Model Monitor writes them; the registry's page of the version shows them.
    :param content_types: The MIME types that the model accepts.
    :param response_types: The MIME types that it returns.
    :param instance_types: The only instance types that it may run on; any if empty.
    :param version_variable: The variable of the last container's environment that gets the number
        of the version, so that its answers can name it.
    :param config: Further members of the CreateModelPackage request.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "group",
        "containers",
        "approval",
        "approval_description",
        "description",
        "metadata",
        "metrics",
        "model_quality",
    )

    def __init__(
        self,
        *,
        group: str,
        containers: Sequence[Container],
        approval: str = Approval.PENDING,
        approval_description: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        model_quality: str | None = None,
        content_types: Sequence[str] = ("text/csv",),
        response_types: Sequence[str] = ("text/csv",),
        instance_types: Sequence[str] = (),
        version_variable: str | None = None,
        config: Json | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.group = group
        self.containers = containers
        self.approval = approval
        self.approval_description = approval_description
        self.description = description
        self.metadata = metadata
        self.metrics = metrics
        self.model_quality = model_quality
        self.content_types = content_types
        self.response_types = response_types
        self.instance_types = instance_types
        self.version_variable = version_variable
        self.config = config

    def execute(self, context: Context) -> Registered:
        request = self._request()
        key = request_hash([*vars(self.identity(context)).values(), request])
        arn = self._registered(key)
        created = arn is None
        if arn is None:
            request["CustomerMetadataProperties"][REQUEST] = key
            request["ClientToken"] = key[:TOKEN]
            arn = self._create(request)
        return self._outcome(arn, created)

    def _outcome(self, arn: str, created: bool) -> Registered:
        package = describe_version(self.sagemaker, arn)
        self._explain(package)
        self._state_version(package)
        version = package["ModelPackageVersion"]
        self.log.info("%s version %s is %s", self.group, version, package["ModelApprovalStatus"])
        if package["ModelApprovalStatus"] == Approval.REJECTED:
            reason = package.get("ApprovalDescription") or self.approval_description or ""
            post(Rejected(model_package_arn=arn, reason=reason))
        return {
            "model_package_arn": arn,
            "version": version,
            "approval": package["ModelApprovalStatus"],
            "created": created,
        }

    def _create(self, request: Json) -> str:
        from botocore.exceptions import ClientError

        try:
            made = with_retries(self.sagemaker.create_model_package, **request)
        except ClientError as error:
            raise refused(f"register a version of {self.group!r}", error) from error
        return str(made["ModelPackageArn"])

    def _request(self) -> Json:
        described = {"ModelPackageDescription": self.description} if self.description else {}
        types = list(self.instance_types)
        limits = dict.fromkeys(TYPES, types) if types else {}
        return {
            "ModelPackageGroupName": self.group,
            "ModelApprovalStatus": str(Approval(self.approval)),
            "InferenceSpecification": {
                "Containers": checked(self.containers),
                "SupportedContentTypes": list(self.content_types),
                "SupportedResponseMIMETypes": list(self.response_types),
                **limits,
            },
            "CustomerMetadataProperties": self._properties(),
            **described,
            **self._quality(),
            **(self.config or {}),
        }

    def _quality(self) -> Json:
        if not self.model_quality:
            return {}
        statistics = {"ContentType": "application/json", "S3Uri": self.model_quality}
        return {"ModelMetrics": {"ModelQuality": {"Statistics": statistics}}}

    def _explain(self, package: Json) -> None:
        """Set the reason of the approval, which a create does not accept; keep an existing one."""
        if self.approval_description and not package.get("ApprovalDescription"):
            with_retries(
                self.sagemaker.update_model_package,
                ModelPackageArn=package["ModelPackageArn"],
                ModelApprovalStatus=package["ModelApprovalStatus"],
                ApprovalDescription=self.approval_description[:REASON],
            )

    def _state_version(self, package: Json) -> None:
        """Set the version's number in the last container's environment, once it is known."""
        variable, number = self.version_variable, str(package["ModelPackageVersion"])
        *others, last = of_version(package) or [{}]
        variables = last.get("Environment", {})
        if not variable or not last or variables.get(variable) == number:
            return
        stated = last | {"Environment": variables | {variable: number}}
        with_retries(
            self.sagemaker.update_model_package,
            ModelPackageArn=package["ModelPackageArn"],
            InferenceSpecification=package["InferenceSpecification"]
            | {"Containers": [*others, stated]},
        )

    def _properties(self) -> dict[str, str]:
        measured = {f"metric:{name}": value for name, value in (self.metrics or {}).items()}
        return {k: _text(v) for k, v in (dict(self.metadata or {}) | measured).items()}

    def _registered(self, key: str) -> str | None:
        """Return the version that an earlier try of this task has registered."""
        return self._with_fact(REQUEST, key)

    def _with_fact(self, name: str, value: str) -> str | None:
        """Return the newest version whose metadata have this value.

        AWS documents no search by a property of the metadata, so the newest versions are described.
        """
        page = with_retries(
            self.sagemaker.list_model_packages,
            ModelPackageGroupName=self.group,
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=NEWEST,
        )
        for summary in page["ModelPackageSummaryList"]:
            arn = str(summary["ModelPackageArn"])
            package = describe_version(self.sagemaker, arn)
            if package.get("CustomerMetadataProperties", {}).get(name) == value:
                return arn
        return None


def _text(value: Any) -> str:
    """Return a property as text; SageMaker rejects quotes, brackets and commas."""
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return str(value)
