"""Connect the jobs of a version's trial, its evaluation, the version and its endpoint.

SageMaker keeps a trial component for each job, with the addresses that it read and wrote, and the
registry keeps those of a version. A node takes from the one that wrote what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prodml.aws.client import Clients
from prodml.experiments.search import components
from prodml.studio.components import components_named, model_of
from prodml.studio.lineage.contracts import Lineage, LineageArtifact, LineageEdge, LineageNode, Step
from prodml.studio.lineage.nodes import (
    component_node,
    data_node,
    endpoint_node,
    evaluation_node,
    job_node,
    version_node,
)
from prodml.studio.models import newest_versions, searched
from prodml.studio.served import MODELS, served_versions
from prodml.vocabulary import Json

NOT_DATA = ("ImageUri", "code")  # inputs of jobs that a node lists and the graph does not draw
MOST_DATA = 6  # nodes of raw data
ORDER = list(Step)


def lineage(aws: Clients, model: str, version: int) -> Lineage | None:
    """Return the lineage of a version of *model*; None for one that is not listed.

    The listing of versions and endpoints is that of the Models page, so that one call is added.
    """
    packages, _ = newest_versions(aws)
    numbered = {package["ModelPackageVersion"]: package for package in packages.get(model, [])}
    if not (package := numbered.get(version)):
        return None
    jobs = _jobs(aws, package)
    nodes = [*jobs, version_node(package)]
    if all(job["step"] != Step.EVALUATION for job in jobs):
        nodes += filter(None, [evaluation_node(package)])
    nodes += _data(nodes)
    edges = [*_edges(nodes), *_of_model(jobs)]
    for endpoint in _endpoints(aws, model, version):
        nodes.append(endpoint)
        edges.append(_edge(package["ModelPackageArn"], endpoint["id"], "serves"))
    return {
        "version": version,
        "trial": package["CustomerMetadataProperties"].get("trial") if jobs else None,
        "nodes": sorted(nodes, key=lambda node: ORDER.index(Step(node["step"]))),
        "edges": edges,
    }


def _jobs(aws: Clients, package: Json) -> list[LineageNode]:
    """Return the jobs of the version's trial, by their components, in one call."""
    if not (trial := package["CustomerMetadataProperties"].get("trial")):
        return []
    experiment = package["ModelPackageGroupName"]  # which has the pipeline's name too
    of_trial = {"Name": "Parents.TrialName", "Operator": "Equals", "Value": trial}
    sagemaker = aws.client("sagemaker")
    listed = (job_node(sagemaker, c) for c in components(aws, experiment, of_trial))
    return [node for node in listed if node]


def _data(nodes: Sequence[LineageNode]) -> list[LineageNode]:
    """Return nodes for what preprocessing reads and no other node has written."""
    read = [
        given
        for node in nodes
        if node["step"] == Step.PREPROCESSING
        for given in node["inputs"]
        if given["name"] not in NOT_DATA
    ]
    known = {given["uri"]: given["name"] for given in read if given["uri"].startswith("s3://")}
    return [data_node(uri, name) for uri, name in list(known.items())[:MOST_DATA]]


def _edges(nodes: Sequence[LineageNode]) -> Iterator[LineageEdge]:
    """Yield an edge between two nodes with the names of all that one takes from the other."""
    for target in nodes:
        for source in nodes:
            taken = [
                output["name"]
                for output in source["outputs"]
                if source is not target and _is_read(output, target["inputs"])
            ]
            if taken:
                yield _edge(source["id"], target["id"], ", ".join(dict.fromkeys(taken)))


def _is_read(output: LineageArtifact, inputs: Sequence[LineageArtifact]) -> bool:
    """Return whether an input is the *output*, or lies below it."""
    written = output["uri"].rstrip("/")
    return any(f"{given['uri'].rstrip('/')}/".startswith(f"{written}/") for given in inputs)


def _of_model(jobs: Sequence[LineageNode]) -> Iterator[LineageEdge]:
    """Yield that the trial's model answers its transform job, whose component does not say so."""
    for training in (job for job in jobs if job["step"] == Step.TRAINING):
        for scoring in (job for job in jobs if job["step"] == Step.SCORING):
            yield _edge(training["id"], scoring["id"], "model")


def _endpoints(aws: Clients, model: str, version: int) -> Iterator[LineageNode]:
    """Yield the node of the component, or else of the endpoint, that serves the version."""
    endpoints = searched(aws, "Endpoint")
    if component := components_named(aws, [model], endpoints).get(model):
        if served_versions(aws, MODELS).get(model_of(component).lower()) == version:
            yield component_node(component)
        return
    served = served_versions(aws)
    for endpoint in endpoints:
        config = endpoint["EndpointConfigName"].lower()
        if endpoint["EndpointName"] == model and served.get(config) == version:
            yield endpoint_node(endpoint)


def _edge(source: str, target: str, label: str) -> LineageEdge:
    return {"source": source, "target": target, "label": label}
