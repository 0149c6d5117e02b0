"""The scalable dimensions: instances, provisioned concurrency, and copies of inference components.

Each function reads the state that SageMaker stores; SageMaker itself changes the capacity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.store import Doc
from ..wire.errors import validation

if TYPE_CHECKING:
    from ..core.account import Aws

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPIES = "sagemaker:inference-component:DesiredCopyCount"


@dataclass(frozen=True)
class Dimension:
    """One scalable dimension.

    :param form: The form of a ResourceId.
    :param noun: Its capacity, in descriptions of activities.
    :param kind: The resource's kind in the store.
    :param names: The metric dimensions that name the parts of a ResourceId.
    :param metrics: Metric and statistic of each predefined metric type.
    """

    form: str
    noun: str
    kind: str
    names: tuple[str, ...]
    metrics: dict[str, tuple[str, str]]

    def place(self, resource: str) -> tuple[str, ...]:
        """Return the names in a ResourceId; raise ValueError for another form."""
        wanted, parts = self.form.split("/"), resource.split("/")
        is_same = len(parts) == len(wanted) and all(
            part and word in ("<name>", part) for word, part in zip(wanted, parts, strict=True)
        )
        if not is_same:
            raise ValueError(f"ResourceId {resource!r} is not {self.form}.")
        return tuple(part for word, part in zip(wanted, parts, strict=True) if word == "<name>")


BY_NAME = {
    INSTANCES: Dimension(
        form="endpoint/<name>/variant/<name>",
        noun="desired instance count",
        kind="endpoint",
        names=("EndpointName", "VariantName"),
        metrics={"SageMakerVariantInvocationsPerInstance": ("InvocationsPerInstance", "Sum")},
    ),
    CONCURRENCY: Dimension(
        form="endpoint/<name>/variant/<name>",
        noun="desired provisioned concurrency",
        kind="endpoint",
        names=("EndpointName", "VariantName"),
        metrics={
            "SageMakerVariantProvisionedConcurrencyUtilization": (
                "ServerlessProvisionedConcurrencyUtilization",
                "Maximum",
            )
        },
    ),
    COPIES: Dimension(
        form="inference-component/<name>",
        noun="desired copy count",
        kind="inference-component",
        names=("InferenceComponentName",),
        metrics={"SageMakerInferenceComponentInvocationsPerCopy": ("InvocationsPerCopy", "Sum")},
    ),
}


def of(doc: Doc) -> Dimension:
    """Return the dimension that a target, policy or request names."""
    dimension = BY_NAME.get(doc["ScalableDimension"])
    if dimension is None or doc["ServiceNamespace"] != "sagemaker":
        raise validation(
            f"Only {', '.join(BY_NAME)} of sagemaker are emulated, not "
            f"{doc['ScalableDimension']} of {doc['ServiceNamespace']}."
        )
    return dimension


def capacity(aws: Aws, target: Doc) -> int | None:
    """Return the desired capacity of a resource that can be scaled now, else None."""
    dimension = of(target)
    name, *variant = dimension.place(target["ResourceId"])
    doc = aws.store.get(dimension.kind, name)
    if doc is None or status(doc) != "InService":
        return None
    if not variant:
        copies: int = doc["CopyCount"]
        return copies
    spec = _spec(doc, variant[0])
    if target["ScalableDimension"] == INSTANCES:
        return spec.get("DesiredInstanceCount")
    provisioned: int | None = spec.get("ServerlessConfig", {}).get("ProvisionedConcurrency")
    return provisioned


def status(doc: Doc) -> str:
    return str(doc.get("EndpointStatus") or doc.get("InferenceComponentStatus"))


def failure(aws: Aws, target: Doc) -> str | None:
    """Return the FailureReason of the resource's last change."""
    dimension = of(target)
    doc = aws.store.get(dimension.kind, dimension.place(target["ResourceId"])[0]) or {}
    reason: str | None = doc.get("FailureReason")
    return reason


def require(aws: Aws, request: Doc) -> None:
    """Refuse to register a resource that does not exist, or has no such capacity."""
    dimension = of(request)
    name, *variant = dimension.place(request["ResourceId"])
    doc = aws.store.get(dimension.kind, name)
    if doc is None or status(doc) == "Deleting":
        noun = dimension.kind.replace("-", " ")
        raise validation(f'Could not find {noun} "{aws.arn(f"{dimension.kind}/{name}")}".')
    if variant:
        _require_variant(request["ScalableDimension"], name, variant[0], _spec(doc, variant[0]))


def _require_variant(dimension: str, endpoint: str, name: str, spec: Doc) -> None:
    if not spec:
        raise validation(f"Endpoint {endpoint} has no variant {name}.")
    serverless = spec.get("ServerlessConfig")
    if dimension == INSTANCES and serverless is not None:
        raise validation(
            f"Variant {name} of endpoint {endpoint} is serverless and has no instances to scale. "
            f"Scale its {CONCURRENCY}."
        )
    if dimension == CONCURRENCY and "ProvisionedConcurrency" not in (serverless or {}):
        raise validation(
            f"Variant {name} of endpoint {endpoint} has no ProvisionedConcurrency to scale. Give "
            "its ServerlessConfig one."
        )


def _spec(doc: Doc, variant: str) -> Doc:
    specs: list[Doc] = doc["Deployment"]["Variants"]
    return next((spec for spec in specs if spec["VariantName"] == variant), {})
