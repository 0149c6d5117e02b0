from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.mark.parametrize(
    ("start", "query", "expected"),
    [
        (0, {"Direction": "Descendants"}, [1, 2]),
        (0, {"Direction": "Descendants", "MaxDepth": 1}, [1]),
        (2, {"Direction": "Ascendants"}, [1, 0]),
        (0, {"Direction": "Ascendants"}, []),
        (1, {"Direction": "Both"}, [0, 2]),
        (0, {"Direction": "Descendants", "Filters": {"LineageTypes": ["Context"]}}, [2]),
        (0, {"Direction": "Descendants", "Filters": {"Types": ["Training"]}}, [1]),
        (2, {"Direction": "Both", "Filters": {"Properties": {"a": "1"}}}, [1]),
        (2, {"Direction": "Both", "Filters": {"Properties": {"a": "2"}}}, []),
        (2, {"Direction": "Both", "Filters": {"Properties": {"a": "1", "b": "2"}}}, [1]),
        (0, {"IncludeEdges": True, "Filters": {"LineageTypes": ["Context"]}}, [1, 2]),
        (0, {"IncludeEdges": True, "Filters": {"Types": ["Training"]}}, [1]),
    ],
)
def test_lineage_is_walked_and_filtered(
    sagemaker: Any, chain: tuple[str, str, str], start: int, query: Any, expected: list[int]
) -> None:
    answer = sagemaker.query_lineage(StartArns=[chain[start]], **query)
    assert [vertex["Arn"] for vertex in answer["Vertices"]] == [chain[n] for n in expected]
    edges = [(edge["SourceArn"], edge["DestinationArn"]) for edge in answer["Edges"]]
    steps = [(chain[n - 1], chain[n]) for n in expected]
    assert edges == (steps if query.get("IncludeEdges") else [])


def test_lineage_of_an_unknown_artifact_is_not_found(sagemaker: Any) -> None:
    arn = "arn:aws:sagemaker:us-east-1:000000000000:artifact/unknown"
    assert refusal(sagemaker.query_lineage, StartArns=[arn])[0] == "ResourceNotFound"
