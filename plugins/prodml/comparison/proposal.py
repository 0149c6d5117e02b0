"""Write the endpoint configuration that a deployment asks for: one variant, or a test of two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prodml.comparison.contest import Contest, with_challenger
from prodml.endpoints.resources import describe_config, production
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.serverless import Serverless
from prodml.endpoints.variants import KINDS, desired, names
from prodml.vocabulary import Json


@dataclass(frozen=True)
class Proposal:
    """
    A model to serve as one variant.

    :param count: The number of instances, unless autoscaling has set another one.
    :param members: Further members of the CreateEndpointConfig request; they come last.
    :param volume_gb: The size of each instance's volume; None for AWS's own.
    :param serverless: A serverless variant, which has no instances.
    """

    variant: str
    model: str
    instance_type: str
    count: int
    members: Json
    volume_gb: int | None = None
    serverless: Serverless | None = None

    def running(self, sagemaker: Any, serving: Json) -> tuple[str, Json] | None:
        """Return the configuration of a test in which the model is the challenger already.

        It stays, with the instance counts that autoscaling has set.
        """
        present = describe_config(sagemaker, serving["EndpointConfigName"])
        contest = Contest.of(present)
        if contest and contest.challenger["ModelName"] == self.model:
            return contest.config, {kind: present[kind] for kind in KINDS if kind in present}
        return None

    def request(self, sagemaker: Any, serving: Json | None, rollout: Rollout) -> Json:
        """Return the CreateEndpointConfig request without its name.

        :param serving: The endpoint, if it is in service.
        """
        if self.serverless:
            mine = self.serverless.variant(self.variant, self.model)
            return {"ProductionVariants": [mine]} | self.members
        mine = production(self.variant, self.model, self.instance_type, self._count(serving))
        if self.volume_gb:
            mine["VolumeSizeInGB"] = self.volume_gb
        request: Json = {"ProductionVariants": [mine]}
        if serving and rollout.is_contest:
            present = describe_config(sagemaker, serving["EndpointConfigName"])
            rival = mine | {"InitialInstanceCount": self.count}
            request = with_challenger(rollout, present, serving, rival)
        return request | self.members

    def _count(self, serving: Json | None) -> int:
        """Return the instances to start; SageMaker keeps counts only for the same variants."""
        if serving and names(serving) != {self.variant}:
            return desired(serving).get(self.variant) or self.count
        return self.count
