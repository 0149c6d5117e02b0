"""Define what the API returns of a version's lineage; `ui/src/lineage.ts` has the same types."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict


class Step(StrEnum):
    """The kinds of nodes, in the order in which a version comes to be."""

    DATA = "data"
    PREPROCESSING = "preprocessing"
    TRAINING = "training"
    PACKING = "packing"
    SCORING = "scoring"
    EVALUATION = "evaluation"
    VERSION = "version"
    ENDPOINT = "endpoint"


class LineageArtifact(TypedDict):
    """An input or output of a node, with its address or image."""

    name: str
    uri: str


class LineageNode(TypedDict):
    """Data, a job, a version or an endpoint; *page* is a job's in the console of its AWS."""

    id: str
    step: str
    name: str
    status: str
    started: str | None
    ended: str | None
    page: str | None
    inputs: list[LineageArtifact]
    outputs: list[LineageArtifact]


class LineageEdge(TypedDict):
    """The artifacts that one node takes from another one."""

    source: str
    target: str
    label: str


class Lineage(TypedDict):
    """The graph of a version; *trial* is None, or the trial whose jobs AWS still knows."""

    version: int
    trial: str | None
    nodes: list[LineageNode]
    edges: list[LineageEdge]
