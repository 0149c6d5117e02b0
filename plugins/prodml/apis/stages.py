"""Deploy an API to a stage, and set the stage's limits and access log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from prodml.apis.names import every
from prodml.aws.retries import delete, get_or_create, present, with_retries
from prodml.vocabulary import Json

FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "time": "$context.requestTime",
        "key": "$context.identity.apiKeyId",
        "method": "$context.httpMethod",
        "path": "$context.path",
        "status": "$context.status",
        "error": "$context.error.message",
        "milliseconds": "$context.responseLatency",
        "endpointMilliseconds": "$context.integrationLatency",
        "endpointStatus": "$context.integrationStatus",
        "bytes": "$context.responseLength",
    }
)
RETENTION_DAYS = 90


@dataclass(frozen=True)
class Stage:
    """
    A stage of an API.

    :param client: A client of API Gateway.
    """

    client: Any
    api: str
    name: str

    def describe(self) -> Json | None:
        stage: Json | None = present(self.client.get_stage, restApiId=self.api, stageName=self.name)
        return stage

    def deployed(self) -> str | None:
        """Return the description of the deployment that the stage answers with."""
        stage = self.describe()
        if stage is None:
            return None
        deployment = with_retries(
            self.client.get_deployment, restApiId=self.api, deploymentId=stage["deploymentId"]
        )
        return str(deployment.get("description", ""))

    def deploy(self, description: str) -> None:
        """Copy the API to the stage, and delete the copies that no stage has."""
        with_retries(
            self.client.create_deployment,
            restApiId=self.api,
            stageName=self.name,
            description=description,
        )
        stages = with_retries(self.client.get_stages, restApiId=self.api)["item"]
        used = {stage["deploymentId"] for stage in stages}
        for deployment in every(self.client.get_deployments, restApiId=self.api):
            if deployment["id"] not in used:
                delete(
                    self.client.delete_deployment,
                    restApiId=self.api,
                    deploymentId=deployment["id"],
                )

    def limit(self, throttle: Json) -> None:
        """Throttle all methods together."""
        self._set(
            {
                "/*/*/throttling/rateLimit": str(throttle["rateLimit"]),
                "/*/*/throttling/burstLimit": str(throttle["burstLimit"]),
            }
        )

    def log_to(self, logs: Any, group: str, arn: str, role: str) -> None:
        """Write the access log to a group, which is created if it is missing."""
        if get_or_create(logs.create_log_group, logGroupName=group):
            with_retries(
                logs.put_retention_policy, logGroupName=group, retentionInDays=RETENTION_DAYS
            )
        self._give_role(role)
        self._set({"/accessLogSettings/destinationArn": arn, "/accessLogSettings/format": FORMAT})

    def _give_role(self, role: str) -> None:
        """Name the role that writes logs, unless the account has one: all its APIs share it."""
        if not with_retries(self.client.get_account).get("cloudwatchRoleArn"):
            change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
            with_retries(self.client.update_account, patchOperations=[change])

    def _set(self, values: dict[str, str]) -> None:
        changes = [{"op": "replace", "path": p, "value": v} for p, v in values.items()]
        with_retries(
            self.client.update_stage,
            restApiId=self.api,
            stageName=self.name,
            patchOperations=changes,
        )
