"""Copy a registered version from the registry of another account, such as that of staging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.client import Aws
from prodml.aws.s3_copies import Copies
from prodml.containers import of_version, plain
from prodml.endpoints.versions import describe_version
from prodml.exceptions import RequestRefusedError
from prodml.naming import REQUEST
from prodml.operators.registry import TYPES, RegisterModelPackageOperator
from prodml.results import Container, Registered
from prodml.vocabulary import Approval, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

ORIGIN, APPROVED, MODEL = "copied_from", "source_approval", "model_sha256"
S3 = "S3DataSource"
SPECIFIED, METRICS = "InferenceSpecification", "ModelMetrics"
MEMBERS = ("SupportedContentTypes", "SupportedResponseMIMETypes", *TYPES)


class CopyModelPackageOperator(RegisterModelPackageOperator):
    """
    Copy a registered version, with all that it needs, from another account's registry.

    The data of each container, the files of its model metrics, and every object that the version's
    metadata or environments name by their S3 address (baseline, preprocessing, holdout scores), are
    copied below *output_uri*, and the new version names the copies. Digests are computed on the
    way, checked by S3, and kept in the new version, so that a copy of a copy is checked against the
    first one. Metadata, scores and lineage are kept; ``copied_from`` names the source. The same
    version is never copied twice.

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
        super().__init__(containers=[], **kwargs)
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
        copies = Copies(self.origin.client("s3"), self.s3, self.output_uri)
        self.containers, digests = self._containers(copies, of_version(package))
        self._refuse_replaced(digests, facts)
        self.metadata = self._moved_facts(copies, facts) | digests
        self.config = {
            SPECIFIED: {"Containers": self.containers}
            | {name: specification[name] for name in MEMBERS if name in specification},
            **_moved_metrics(copies, package),
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
        if approval != Approval.APPROVED:
            raise RequestRefusedError(
                f"Model package {self.source} is {approval}, and only an Approved version is "
                "copied. Approve it in its own account first."
            )
        if not of_version(package):
            raise RequestRefusedError(
                f"Model package {self.source} has no container. Choose another version."
            )
        return package

    def _containers(
        self, copies: Copies, sources: Sequence[Json]
    ) -> tuple[list[Container], dict[str, str]]:
        """Return the containers of the copies, and the digest of the data of each by its property.

        The names of the first container are without a number.
        """
        containers, digests = [], {}
        for number, source in enumerate(sources, start=1):
            mark = f"-{number}" if number > 1 else ""
            container, digest = self._container(copies, source, mark)
            containers.append(container)
            if digest:
                digests[f"{MODEL}{mark.replace('-', '_')}"] = digest
        return containers, digests

    def _container(self, copies: Copies, source: Json, mark: str) -> tuple[Container, str | None]:
        """Return one container of the copies, and the digest of its data."""
        # Not ImageDigest and the like, which are what AWS found in the source's account.
        container = plain(source) or {"Image": ""}
        digest = None
        if url := container.get("ModelDataUrl"):
            container["ModelDataUrl"], digest = copies.copy(f"model{mark}", url)
        if data := container.get("ModelDataSource", {}).get(S3):
            moved, digest = copies.copy(f"model{mark}", data["S3Uri"])
            # Not its ETag, which is of the object in the source's account.
            kept = {name: value for name, value in data.items() if not name.endswith("ETag")}
            container["ModelDataSource"] = {S3: kept | {"S3Uri": moved}}
        if environment := container.get("Environment"):
            container["Environment"] = copies.moved(f"environment{mark}-", environment)
        return container, digest

    def _refuse_replaced(self, digests: Mapping[str, str], facts: Mapping[str, str]) -> None:
        """Raise if the data of a container are not those that the version was registered with."""
        for name, digest in digests.items():
            if digest != facts.get(name, digest):
                raise RequestRefusedError(
                    f"The model of {self.source} has the {name} {digest}, and was registered with "
                    f"{facts[name]}: it was replaced. Choose another version."
                )

    def _moved_facts(self, copies: Copies, source: Mapping[str, str]) -> dict[str, str]:
        """Return the metadata with the addresses of the copies, and where they are from."""
        facts = {name: value for name, value in source.items() if name != REQUEST}
        return copies.moved("", facts) | {ORIGIN: self.source, APPROVED: str(Approval.APPROVED)}


def _moved_metrics(copies: Copies, package: Json) -> Json:
    """Return the version's ModelMetrics with the addresses of the copies, if it has any."""
    if METRICS not in package:
        return {}
    moved = {
        part: {
            name: source | {"S3Uri": copies.copy(f"{part}-{name}", source["S3Uri"])[0]}
            for name, source in sources.items()
        }
        for part, sources in package[METRICS].items()
    }
    return {METRICS: moved}
