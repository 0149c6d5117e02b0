"""Queries over the lineage graph of artifacts, actions, contexts and components."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import not_found, validation

ASSOCIATION = "association"
# the resource type in an ARN -> QueryLineage's name for it, the members that hold ARN, name, type
ENTITIES = {
    "artifact": ("Artifact", "ArtifactArn", "ArtifactName", "ArtifactType"),
    "action": ("Action", "ActionArn", "ActionName", "ActionType"),
    "context": ("Context", "ContextArn", "ContextName", "ContextType"),
    "experiment-trial-component": (
        "TrialComponent",
        "TrialComponentArn",
        "TrialComponentName",
        "SourceType",
    ),
    "experiment": ("Experiment", "ExperimentArn", "ExperimentName", "SourceType"),
}
DEEPEST, MOST_VERTICES = 10, 50
BOUNDS = {
    "CreatedAfter": ("CreationTime", 1),
    "CreatedBefore": ("CreationTime", -1),
    "ModifiedAfter": ("LastModifiedTime", 1),
    "ModifiedBefore": ("LastModifiedTime", -1),
}


def entity(aws: Aws, arn: str) -> Doc:
    """Return Arn, Name, Type and LineageType of an entity; raise ResourceNotFound."""
    kind = arn.split(":", 5)[5].partition("/")[0]
    lineage, member, name, type_ = ENTITIES[kind]
    doc = aws.store.find(kind, member, arn)
    if doc is None:
        raise not_found(f"{lineage} {arn} does not exist.")
    source = doc.get("Source", {})
    members = {"Type": doc.get(type_, source.get(type_)), "Name": doc.get(name)}
    return doc | members | {"Arn": arn, "LineageType": lineage}


def refuse_associated(aws: Aws, arn: str) -> None:
    """Refuse to delete an entity that has associations."""
    edges = [e for e in aws.store.list(ASSOCIATION) if arn in (e["SourceArn"], e["DestinationArn"])]
    if edges:
        raise validation(
            f"{arn} cannot be deleted because it has {len(edges)} associations. "
            "Delete them with DeleteAssociation first."
        )


def with_source(docs: list[Doc], request: Doc) -> list[Doc]:
    """Return the entities with the SourceUri of the request, if it has one."""
    uri = request.get("SourceUri")
    return [doc for doc in docs if uri is None or doc["Source"]["SourceUri"] == uri]


@operation("sagemaker", "QueryLineage")
def query_lineage(aws: Aws, request: Doc) -> Doc:
    """Return the entities that are connected to the start; filters apply to the result only."""
    edges, starts = aws.store.list(ASSOCIATION), request.get("StartArns", [])
    for arn in starts:
        entity(aws, arn)
    met = _connected(edges, starts, request) if starts else _everything(edges)
    matching = [vertex for vertex in (entity(aws, arn) for arn in met) if _fits(vertex, request)]
    vertices, token = paging.page(matching, {"MaxResults": MOST_VERTICES} | request)
    shown = {*starts, *(vertex["Arn"] for vertex in matching)}
    kept = [edge for edge in edges if {edge["SourceArn"], edge["DestinationArn"]} <= shown]
    return {
        "Vertices": vertices,
        "Edges": kept if request.get("IncludeEdges") else [],
        "NextToken": token,
    }


def _everything(edges: list[Doc]) -> dict[str, None]:
    return dict.fromkeys(arn for e in edges for arn in (e["SourceArn"], e["DestinationArn"]))


def _connected(edges: list[Doc], starts: list[str], request: Doc) -> dict[str, None]:
    """Return the ARNs within MaxDepth steps of the start, nearest first, without the start."""
    direction = request.get("Direction", "Both")
    met, front = dict.fromkeys(starts), set(starts)
    for _ in range(request.get("MaxDepth", DEEPEST)):
        reached = [arn for edge in edges for arn in _neighbours(edge, front, direction)]
        front = {arn for arn in reached if arn not in met}
        met |= dict.fromkeys(arn for arn in reached if arn in front)
    return {arn: None for arn in met if arn not in starts}


def _neighbours(edge: Doc, front: set[str], direction: str) -> list[str]:
    neighbors = []
    if direction != "Ascendants" and edge["SourceArn"] in front:
        neighbors.append(edge["DestinationArn"])
    if direction != "Descendants" and edge["DestinationArn"] in front:
        neighbors.append(edge["SourceArn"])
    return neighbors


def _fits(vertex: Doc, request: Doc) -> bool:
    """Return whether a vertex matches the query's Filters."""
    filters = request.get("Filters", {})
    properties = vertex.get("Properties", {})
    return (
        vertex["Type"] in filters.get("Types", [vertex["Type"]])
        and vertex["LineageType"] in filters.get("LineageTypes", [vertex["LineageType"]])
        and all(properties.get(k) == v for k, v in filters.get("Properties", {}).items())
        and all(
            sign * (vertex[member] - filters[bound]) > 0
            for bound, (member, sign) in BOUNDS.items()
            if bound in filters
        )
    )
