"""The change of a scalable target's capacity, as Application Auto Scaling requests it."""

from __future__ import annotations

import asyncio

from ...autoscaling import dimensions, targets
from ...core.account import Aws
from ...core.store import Doc
from ..endpoints import api as endpoints
from . import api


def scale(aws: Aws, target: Doc, wanted: int) -> asyncio.Task[None]:
    """Start to scale; the task ends when the resource is in service again."""
    name, *variant = targets.place(target)
    if target["ScalableDimension"] == dimensions.COPIES:
        return api.resize(aws, name, wanted)
    wish: Doc = {"VariantName": variant[0]}
    if target["ScalableDimension"] == dimensions.INSTANCES:
        wish["DesiredInstanceCount"] = wanted
    else:
        wish["ServerlessUpdateConfig"] = {"ProvisionedConcurrency": wanted}
    return endpoints.resize(aws, name, [wish])[1]
