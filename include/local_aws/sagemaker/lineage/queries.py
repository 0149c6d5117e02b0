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
    """Return the entities connected to the start that match; with edges, also those on the path."""
    edges, starts = aws.store.list(ASSOCIATION), request.get("StartArns", [])
    for arn in starts:
        entity(aws, arn)
    nearer = _connected(edges, starts, request) if starts else _everything(edges)
    entities = {arn: entity(aws, arn) for arn in nearer if arn not in starts}
    shown = {arn for arn, vertex in entities.items() if _fits(vertex, request)}
    if include := request.get("IncludeEdges", False):
        shown |= _on_paths(shown, nearer)
    matching = [vertex for arn, vertex in entities.items() if arn in shown]
    vertices, token = paging.page(matching, {"MaxResults": MOST_VERTICES} | request)
    ends = {*starts, *shown}
    kept = [
        edge for edge in edges if include and {edge["SourceArn"], edge["DestinationArn"]} <= ends
    ]
    return {"Vertices": vertices, "Edges": kept, "NextToken": token}


def _everything(edges: list[Doc]) -> dict[str, set[str]]:
    return {arn: set() for e in edges for arn in (e["SourceArn"], e["DestinationArn"])}


def _connected(edges: list[Doc], starts: list[str], request: Doc) -> dict[str, set[str]]:
    """Return the ARNs within MaxDepth steps, nearest first, each with those a step nearer."""
    steps = [step for edge in edges for step in _steps(edge, request.get("Direction", "Both"))]
    met: dict[str, set[str]] = {arn: set() for arn in starts}
    front = set(starts)
    for _ in range(request.get("MaxDepth", DEEPEST)):
        reached: dict[str, set[str]] = {}
        for nearer, farther in steps:
            if nearer in front and farther not in met:
                reached.setdefault(farther, set()).add(nearer)
        met |= reached
        front = set(reached)
    return met


def _steps(edge: Doc, direction: str) -> list[tuple[str, str]]:
    """Return the pairs of ARNs, from and to, by which a query passes *edge*."""
    source, destination = edge["SourceArn"], edge["DestinationArn"]
    down, up = [(source, destination)], [(destination, source)]
    return {"Descendants": down, "Ascendants": up}.get(direction, down + up)


def _on_paths(arns: set[str], nearer: dict[str, set[str]]) -> set[str]:
    """Return the ARNs on the shortest paths from the start to *arns*."""
    met, front = set[str](), arns
    while front := {arn for farther in front for arn in nearer[farther]} - met:
        met |= front
    return met


def _fits(vertex: Doc, request: Doc) -> bool:
    """Return whether a vertex matches the query's Filters: of several Properties, any."""
    filters = request.get("Filters", {})
    properties, wanted = vertex.get("Properties", {}), filters.get("Properties", {})
    return (
        vertex["Type"] in filters.get("Types", [vertex["Type"]])
        and vertex["LineageType"] in filters.get("LineageTypes", [vertex["LineageType"]])
        and (not wanted or any(properties.get(k) == v for k, v in wanted.items()))
        and all(
            sign * (vertex[member] - filters[bound]) > 0
            for bound, (member, sign) in BOUNDS.items()
            if bound in filters
        )
    )
