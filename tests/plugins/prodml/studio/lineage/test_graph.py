"""The lineage of a version, by the trial components and the registry of a real embedded AWS."""

from __future__ import annotations

from itertools import pairwise

import pytest
from prodml.aws.client import Aws
from prodml.studio.lineage.contracts import Lineage, LineageNode
from prodml.studio.lineage.graph import lineage
from prodml.studio.models import models
from prodml.studio.reader import Reader

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account


@pytest.fixture(scope="module")
def churn(platform: Platform) -> str:
    """A model whose first version serves; AWS knows the jobs of this version alone."""
    name = platform.unique("lineage")
    first, _ = account.register(platform, name, {0.9: "Approved", 0.8: "Rejected"})
    account.train(platform, name, 1, first)
    account.serve(platform, name, first)
    return name


def _by_step(graph: Lineage) -> dict[str, LineageNode]:
    return {node["step"]: node for node in graph["nodes"]}


def test_the_graph_goes_from_the_data_to_the_endpoint(churn: str, server: Server) -> None:
    reader = Reader(Aws())
    models(reader)  # a page of models is open
    before = reader.calls.total()
    graph = lineage(reader, churn, 1)
    assert reader.calls.total() == before + 1
    assert graph
    nodes = _by_step(graph)
    steps = ["data", "preprocessing", "training", "evaluation", "version", "endpoint"]
    assert list(nodes) == steps
    labels = {(edge["source"], edge["target"]): edge["label"] for edge in graph["edges"]}
    main = ["data", "preprocessing", "training", "version", "endpoint"]
    path = [labels[nodes[one]["id"], nodes[two]["id"]] for one, two in pairwise(main)]
    assert path == ["raw", "train", "ModelArtifact", "serves"]
    judged = ["preprocessing", "evaluation", "version"]
    path = [labels[nodes[one]["id"], nodes[two]["id"]] for one, two in pairwise(judged)]
    assert path == ["holdout_labels", "evaluation"]
    training = nodes["training"]
    assert (training["name"], training["status"]) == ("xgboost-deep", "Completed")
    job = f"{server.url}/_local/jobs/TrainingJob/{churn}-1?region=us-east-1"
    assert training["page"] == job
    assert graph["trial"] == f"{churn}-1"


def test_a_version_whose_jobs_are_unknown_has_what_the_registry_knows(churn: str) -> None:
    graph = lineage(Aws(), churn, 2)
    assert graph
    assert list(_by_step(graph)) == ["evaluation", "version"]
    assert graph["trial"] is None
    assert _by_step(graph)["version"]["status"] == "Rejected"


def test_an_unknown_version_has_none(churn: str) -> None:
    assert lineage(Aws(), churn, 9) is None
