"""The traffic of an endpoint: its deployment and, during an update, the successor."""

from __future__ import annotations

import random

from .deployments import Deployment, Variant


class Traffic:
    """The routing of one endpoint; a change applies to the next request."""

    def __init__(self, present: Deployment) -> None:
        self.present = present
        self._successor: Deployment | None = None
        self._shares: dict[str, float] = {}

    def choose(self, target: str | None) -> Variant | None:
        """Return the variant for a request: *target*, else by weight; None if unknown."""
        if target is None:
            return self.next()
        variant = self.present.variants.get(target)
        return self._of_its_fleet(variant) if variant else None

    def next(self) -> Variant:
        """Return the variant for the next request without a target."""
        return self._of_its_fleet(self.present.next())

    def _of_its_fleet(self, variant: Variant) -> Variant:
        if self._successor is None or random.random() >= self._shares[variant.name]:
            return variant
        return self._successor.variants[variant.name]

    def split(self, present: Deployment, successor: Deployment, shares: dict[str, float]) -> None:
        """Give *successor* its share, from 0 to 1, of the traffic of each variant."""
        self.present, self._successor, self._shares = present, successor, shares

    def settle(self, deployment: Deployment) -> None:
        """Give *deployment* all traffic."""
        self.present, self._successor = deployment, None

    def deployments(self) -> list[Deployment]:
        """Return the deployments that get traffic."""
        return [self.present, *([self._successor] if self._successor else [])]
