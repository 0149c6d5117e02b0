"""Update an endpoint to a configuration, or create it, while other updates may come in between."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from prodml.autoscaling import suspended
from prodml.aws.client import Aws
from prodml.aws.retries import present
from prodml.aws.tags import as_tags, by_key, tags_of
from prodml.endpoints import rollback_note
from prodml.endpoints.endpoint import INTERRUPTIONS, Endpoint
from prodml.endpoints.resources import describe_config
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.variants import names, retyped, serves
from prodml.vocabulary import EndpointStatus, Json

log = logging.getLogger(__name__)
AT_ONCE = Rollout()


@dataclass(frozen=True)
class Update:
    """
    A request for *config* of an endpoint; the caller verifies it.

    :param recheck: Runs before each try, once no other change is in progress. If another update
        starts and ends between it and the call, which SageMaker cannot refuse, the configuration
        of that update is restored and *recheck* runs again.
    :param proved: The configuration was verified earlier; any other one must be verified in
        :func:`prodml.endpoints.rollback.proving`.
    """

    endpoint: Endpoint
    config: str
    tags: list[dict[str, str]]
    rollout: Rollout = AT_ONCE
    recheck: Callable[[], None] = lambda: None
    proved: bool = False

    @property
    def aws(self) -> Aws:
        return self.endpoint.aws

    def request(self) -> bool:
        """Create or update the endpoint; return False if it serves the configuration already.

        :meth:`Endpoint.restore` restores scaling that had to be suspended for the update.
        """
        try:
            return self._request()
        except Exception:
            self.endpoint.restore()
            raise

    def _request(self) -> bool:
        self.aws.without_retries("sagemaker")  # created now, so that no time passes after the check
        tags = self.tags
        for attempt in range(INTERRUPTIONS):
            description = self.endpoint.restore()  # includes what a task that died has suspended
            self.recheck()
            if description and description["EndpointStatus"] == EndpointStatus.FAILED:
                # SageMaker cannot update an endpoint that was never in service.
                tags = self._inherited(description, tags)
                self.endpoint.delete()
                description = None
            if description and serves(description, self.config):
                log.info("Endpoint %s already serves %s", self.endpoint.name, self.config)
                return attempt > 0
            if description and not self.proved:
                rollback_note.note(self.aws, description, self.config)
            method = "update_endpoint" if description else "create_endpoint"
            members = self._members(description) if description else {"Tags": tags}
            if not self.endpoint.send(method, attempt, EndpointConfigName=self.config, **members):
                continue
            if not (lost := self._overtaken(description)):
                return True
            log.warning("Another update to %s came in between; restoring it", lost)
            Update(self.endpoint, lost, tags, proved=True)._request()
        raise self.endpoint.busy()

    def _inherited(self, description: Json, tags: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return *tags* and those of the failed endpoint, with a note of its scaling."""
        old = tags_of(self.endpoint.sagemaker, description["EndpointArn"])
        old |= suspended.noted(self.aws, self.endpoint.name, names(self._replaced(description)))
        others = {key: value for key, value in old.items() if not key.startswith("aws:")}
        return as_tags(others | by_key(tags))

    def _overtaken(self, checked: Json | None) -> str | None:
        """Return the configuration that the update replaces, if it is not the one checked."""
        now = self.endpoint.describe()
        if not checked or not now or now["EndpointStatus"] != "Updating":
            return None
        replaced = str(now["EndpointConfigName"])
        return replaced if replaced not in (checked["EndpointConfigName"], self.config) else None

    def _members(self, description: Json) -> Json:
        """Return the other members of UpdateEndpoint; suspend scaling first if AWS requires it."""
        wanted = describe_config(self.endpoint.sagemaker, self.config)
        suspended.take_off(self.aws, description, retyped(self._replaced(description), wanted))
        # SageMaker shifts traffic only between the same variants.
        if names(description) != names(wanted):
            return {}
        mine = ("DataCaptureConfig", "DesiredWeight")  # the new configuration sets these
        return {
            # Keep the instance counts that autoscaling has set.
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": kind} for kind in mine],
        } | self.rollout.request()

    def _replaced(self, description: Json) -> Json:
        """Return the described endpoint's configuration; empty if it was deleted."""
        describe = self.endpoint.sagemaker.describe_endpoint_config
        config: Json | None = present(
            describe, EndpointConfigName=description["EndpointConfigName"]
        )
        return config or {}
