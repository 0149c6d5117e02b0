"""The job definition of a monitoring schedule, by name or inline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...wire.errors import not_found, validation

if TYPE_CHECKING:
    from ...core.account import Aws

KINDS = {
    "DataQuality": "data-quality-job-definition",
    "ModelQuality": "model-quality-job-definition",
}


@dataclass(frozen=True)
class Definition:
    """A monitoring job, from a job definition or from its schedule."""

    kind: str  # a key of KINDS
    application: Doc  # ImageUri and further settings of the container
    source: Doc  # an EndpointInput
    output: Doc  # an S3Output
    resources: Doc  # with a ClusterConfig
    role: str
    baseline: Doc = field(default_factory=dict)
    ground_truth: str | None = None
    limits: Doc = field(default_factory=dict)  # StoppingCondition and NetworkConfig, if given

    @property
    def endpoint(self) -> str:
        return str(self.source["EndpointName"])


def of(aws: Aws, config: Doc) -> Definition:
    """Return the definition that a MonitoringScheduleConfig names or contains."""
    inline, name = config.get("MonitoringJobDefinition"), config.get("MonitoringJobDefinitionName")
    if (inline is None) == (name is None):
        raise validation(
            "Give either MonitoringJobDefinition or MonitoringJobDefinitionName, and only one."
        )
    if inline:
        return _written(inline)
    kind = config.get("MonitoringType")
    if kind not in KINDS:
        raise validation(
            f"MonitoringType {kind} is not emulated: AWS closed Clarify and Model Monitor, and "
            f"only {' and '.join(KINDS)} are available here."
        )
    doc = aws.store.get(KINDS[kind], str(name))
    if doc is None:
        raise not_found(f"Could not find job definition {name!r} of type {kind}.")
    return defined(kind, doc)


def defined(kind: str, doc: Doc) -> Definition:
    """Parse a Create...JobDefinition request; raise AwsError for unsupported members."""
    given = doc[f"{kind}JobInput"]
    return Definition(
        kind=kind,
        application=doc[f"{kind}AppSpecification"],
        source=_endpoint(given),
        output=_output(doc[f"{kind}JobOutputConfig"]),
        resources=doc["JobResources"],
        role=doc["RoleArn"],
        baseline=doc.get(f"{kind}BaselineConfig", {}),
        ground_truth=given.get("GroundTruthS3Input", {}).get("S3Uri"),
        limits=_limits(doc),
    )


def _written(inline: Doc) -> Definition:
    application = inline["MonitoringAppSpecification"]
    return Definition(
        kind="DataQuality",
        application=application | {"Environment": inline.get("Environment", {})},
        source=_endpoint(inline["MonitoringInputs"][0]),
        output=_output(inline["MonitoringOutputConfig"]),
        resources=inline["MonitoringResources"],
        role=inline["RoleArn"],
        baseline=inline.get("BaselineConfig", {}),
        limits=_limits(inline),
    )


def _endpoint(given: Doc) -> Doc:
    if "EndpointInput" not in given:
        raise validation(
            "Only an EndpointInput is monitored here. Check a batch transform's files with "
            "DriftCheckOperator, or with `python -m include.jobs.drift check`."
        )
    source: Doc = given["EndpointInput"]
    return source


def _output(config: Doc) -> Doc:
    output: Doc = config["MonitoringOutputs"][0]["S3Output"]
    return output


def _limits(doc: Doc) -> Doc:
    return {key: doc[key] for key in ("StoppingCondition", "NetworkConfig") if key in doc}
