"""Copy a registered version from the registry of another account, such as that of staging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.client import Aws
from prodml.aws.s3 import join
from prodml.aws.s3_copies import copy_all
from prodml.endpoints.versions import describe_version
from prodml.exceptions import RequestRefusedError
from prodml.naming import REQUEST
from prodml.operators.registry import TYPES, RegisterModelPackageOperator
from prodml.results import Container, Registered
from prodml.vocabulary import Approval, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

ORIGIN, APPROVED, MODEL = "copied_from", "source_approval", "model_sha256"
LOCATION = "s3://"
SPECIFIED = "InferenceSpecification"
MEMBERS = ("SupportedContentTypes", "SupportedResponseMIMETypes", *TYPES)


class CopyModelPackageOperator(RegisterModelPackageOperator):
    """
    Copy a registered version, with all that it needs, from another account's registry.

    The model, and every object that the version's metadata or environment names by its S3 address
    (baseline, encoder, holdout scores and labels), is copied below *output_uri*, and the new
    version names the copies. Digests are computed on the way, checked by S3, and kept in the new
    version, so that a copy of a copy is checked against the first one. Metadata, scores and lineage
    are kept; ``copied_from`` names the source. The same version is never copied twice.

    The source is only read, by its own connection: ``sagemaker:DescribeModelPackage``,
    ``s3:ListBucket`` and ``s3:GetObject``. A source that is not Approved is refused. Images of
    the source's own ECR need a repository policy that lets this account pull them.

    Returns ``{"model_package_arn", "version", "approval", "created"}``.

    :param source: The ARN of the source's version.
    :param source_conn_id: The Airflow connection of the source's account.
    :param source_region: The source's region; that of its connection if left out.
    :param output_uri: The S3 prefix of the copies, in this account.
    :param group: The model package group in this account.
    :param approval: The approval of the copy; by default it waits for one here.
    """

    template_fields: Sequence[str] = (
        *RegisterModelPackageOperator.template_fields,
        "source",
        "source_conn_id",
        "source_region",
        "output_uri",
    )

    def __init__(
        self,
        *,
        source: str,
        source_conn_id: str,
        output_uri: str,
        source_region: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(container={"Image": ""}, **kwargs)
        self.source = source
        self.source_conn_id = source_conn_id
        self.source_region = source_region
        self.output_uri = output_uri

    def execute(self, context: Context) -> Registered:
        package = self._approved()
        if arn := self._with_fact(ORIGIN, self.source):
            self.log.info("%s was copied before, as %s", self.source, arn)
            return self._outcome(arn, created=False)
        specification = package[SPECIFIED]
        facts = package.get("CustomerMetadataProperties", {})
        container, digest = self._container(specification["Containers"][0])
        if digest != facts.get(MODEL, digest):
            raise RequestRefusedError(
                f"The model of {self.source} has the SHA-256 {digest}, and was registered with "
                f"{facts[MODEL]}: it was replaced. Choose another version."
            )
        self.container = container
        self.metadata = self._moved_facts(facts) | ({MODEL: digest} if digest else {})
        self.config = {
            SPECIFIED: {"Containers": [container]}
            | {name: specification[name] for name in MEMBERS if name in specification}
        }
        self.description = package.get("ModelPackageDescription")
        reason = package.get("ApprovalDescription") or "No reason is given there."
        self.approval_description = f"Approved as {self.source}: {reason}"
        return super().execute(context)

    @property
    def origin(self) -> Aws:
        """Return the connection to the source's account."""
        return Aws(self.source_conn_id, self.source_region, self.verify, self.botocore_config)

    def _approved(self) -> Json:
        package = describe_version(self.origin.client("sagemaker"), self.source)
        approval = package["ModelApprovalStatus"]
        containers = package.get(SPECIFIED, {}).get("Containers", [])
        if approval != Approval.APPROVED:
            raise RequestRefusedError(
                f"Model package {self.source} is {approval}, and only an Approved version is "
                "copied. Approve it in its own account first."
            )
        if len(containers) != 1:
            raise RequestRefusedError(
                f"Model package {self.source} has {len(containers)} containers, and a version with "
                "one is copied. Choose another version."
            )
        return package

    def _container(self, source: Json) -> tuple[Container, str | None]:
        """Return the container of the copies, and the digest of its model."""
        # Not ImageDigest and the like, which are what AWS found in the source's account.
        container: Container = {"Image": source["Image"]}
        digest = None
        if url := source.get("ModelDataUrl"):
            container["ModelDataUrl"], digest = self._moved("model", url)
        if environment := source.get("Environment"):
            container["Environment"] = self._with_copies("environment-", environment)
        return container, digest

    def _moved_facts(self, source: Mapping[str, str]) -> dict[str, str]:
        """Return the metadata with the addresses of the copies, and where they are from."""
        facts = {name: value for name, value in source.items() if name != REQUEST}
        origin = {ORIGIN: self.source, APPROVED: str(Approval.APPROVED)}
        return self._with_copies("", facts) | origin

    def _with_copies(self, folder: str, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values, with the address of a copy for each address in S3."""
        return {
            name: self._moved(f"{folder}{name}", value)[0] if value.startswith(LOCATION) else value
            for name, value in values.items()
        }

    def _moved(self, name: str, uri: str) -> tuple[str, str]:
        """Copy what *uri* names into a folder called *name*; return its address and digest."""
        below = "" if uri.endswith("/") else uri.rpartition("/")[2]
        to = f"{join(self.output_uri, name)}/{below}"
        digests = copy_all(self.origin.client("s3"), self.s3, uri, to)
        return to, next(iter(digests.values()))
