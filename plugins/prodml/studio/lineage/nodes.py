"""Turn trial components, versions and endpoints into nodes of a lineage graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prodml.containers import of_version
from prodml.jobs.datasets import model_data
from prodml.links.job import address
from prodml.studio.lineage.contracts import LineageArtifact, LineageNode, Step
from prodml.studio.moments import iso
from prodml.vocabulary import PROCESSING, TRAINING, TRANSFORM, Json, Kind

KINDS = {"training-job": TRAINING, "processing-job": PROCESSING, "transform-job": TRANSFORM}
STEPS = {TRAINING: Step.TRAINING, PROCESSING: Step.PREPROCESSING, TRANSFORM: Step.SCORING}
MADE = {"packed": Step.PACKING, "evaluation": Step.EVALUATION}  # by the name of an output
EVALUATED = "evaluation.json"


def job_node(sagemaker: Any, component: Json) -> LineageNode | None:
    """Return the node of a searched component; None for one that no job made.

    A processing job is of preprocessing, unless its output shows that it packed or evaluated a
    model.
    """
    arn = component.get("Source", {}).get("SourceArn", "")
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind not in KINDS:
        return None
    outputs = _artifacts(component.get("OutputArtifacts", {}))
    step = next((MADE[one["name"]] for one in outputs if one["name"] in MADE), STEPS[KINDS[kind]])
    return {
        "id": arn,
        "step": step,
        "name": component.get("DisplayName") or name,
        "status": component.get("Status", {}).get("PrimaryStatus", ""),
        "started": iso(component.get("StartTime")),
        "ended": iso(component.get("EndTime")),
        "page": _page(sagemaker, KINDS[kind], name),
        "inputs": _artifacts(component.get("InputArtifacts", {})),
        "outputs": outputs,
    }


def _page(sagemaker: Any, kind: Kind, name: str) -> str:
    meta = sagemaker.meta
    return address(meta.endpoint_url, meta.region_name, kind, name)


def _artifacts(artifacts: Mapping[str, Json]) -> list[LineageArtifact]:
    return [
        {"name": name.removeprefix("SageMaker."), "uri": str(artifact["Value"])}
        for name, artifact in artifacts.items()
    ]


def data_node(uri: str, name: str) -> LineageNode:
    """Return the node of data that no job of the trial has written."""
    return _node(Step.DATA, uri, name, outputs=[{"name": name, "uri": uri}])


def evaluation_node(package: Json) -> LineageNode | None:
    """Return the evaluation that the registry names, for one whose job AWS does not list."""
    if not (uri := _scores(package)):
        return None
    facts = package.get("CustomerMetadataProperties", {})
    read = {"answers": facts.get("holdout_scores"), "labels": facts.get("holdout_labels")}
    return _node(
        Step.EVALUATION,
        uri,
        EVALUATED,
        inputs=[{"name": name, "uri": uri} for name, uri in read.items() if uri],
        outputs=[{"name": EVALUATED, "uri": uri}],
    )


def _scores(package: Json) -> str | None:
    """Return the address of the scores that the registry keeps of a version."""
    quality = package.get("ModelMetrics", {}).get("ModelQuality", {})
    uri: str | None = quality.get("Statistics", {}).get("S3Uri")
    return uri


def version_node(package: Json) -> LineageNode:
    """Return the node of a described version, whose inputs are the data of its containers."""
    data = [uri for container in of_version(package) for uri in model_data(container)]
    read: list[LineageArtifact] = [{"name": "model data", "uri": uri} for uri in data]
    if uri := _scores(package):
        read.append({"name": "scores", "uri": uri})
    name = f"version {package['ModelPackageVersion']}"
    node = _node(Step.VERSION, package["ModelPackageArn"], name, inputs=read)
    node["status"] = package["ModelApprovalStatus"]
    node["started"] = iso(package["CreationTime"])
    return node


def endpoint_node(endpoint: Json) -> LineageNode:
    """Return the node of a searched endpoint."""
    node = _node(Step.ENDPOINT, endpoint["EndpointArn"], endpoint["EndpointName"])
    node["status"] = endpoint["EndpointStatus"]
    node["started"] = iso(endpoint.get("LastModifiedTime"))
    return node


def component_node(component: Json) -> LineageNode:
    """Return the node of a described inference component, by the name of its endpoint."""
    node = _node(
        Step.ENDPOINT,
        component["InferenceComponentArn"],
        component["EndpointName"],
        outputs=[{"name": "component", "uri": component["InferenceComponentArn"]}],
    )
    node["status"] = component["InferenceComponentStatus"]
    node["started"] = iso(component.get("LastModifiedTime"))
    return node


def _node(
    step: Step,
    id: str,  # noqa: A002 -- the member of the node
    name: str,
    inputs: Sequence[LineageArtifact] = (),
    outputs: Sequence[LineageArtifact] = (),
) -> LineageNode:
    return {
        "id": id,
        "step": step,
        "name": name,
        "status": "",
        "started": None,
        "ended": None,
        "page": None,
        "inputs": list(inputs),
        "outputs": list(outputs),
    }
