"""Check how a pipeline serves its model."""

from __future__ import annotations

from collections.abc import Sequence

from prodml.autoscaling.policies import Policy
from prodml.autoscaling.scaling import Schedule
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.serverless import STRATEGIES

from include.pipelines.definition.resources import Instances


def contradiction(
    rollout: Rollout, endpoint: Instances, scaling: Sequence[Policy | Schedule]
) -> str | None:
    """Return what a serverless pipeline cannot have, as the end of an error; None if all is well.

    :param endpoint: The instances that its file states for the endpoint.
    """
    if rollout.strategy not in STRATEGIES:
        allowed = ", ".join(STRATEGIES)
        return f"it is serverless, and its rollout is {rollout.strategy}; use one of {allowed}"
    if endpoint != Instances():
        return "it is serverless and has resources for its endpoint; remove either"
    if scaling:
        return (
            "it is serverless and has scaling of instances; remove it, or set most_provisioned of "
            "Serverless"
        )
    return None
