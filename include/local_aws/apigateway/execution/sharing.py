"""Let the pages call an API that its OPTIONS method allows, as a browser would ask it."""

from __future__ import annotations

from ..deployed import Stage
from ..mappings import STATIC

HEADER = "method.response.header.access-control-allow-origin"


def is_shared(stage: Stage, path: str, origin: str) -> bool:
    """Return whether the resource at *path* allows the pages of *origin*."""
    route = stage.route("OPTIONS", path)
    if route is None:
        return False
    responses = route.method["methodIntegration"]["integrationResponses"].values()
    mapped = [(t, s) for r in responses for t, s in r["responseParameters"].items()]
    values = [STATIC.fullmatch(source) for target, source in mapped if target.lower() == HEADER]
    return any(value and value["value"] in ("*", origin) for value in values)
