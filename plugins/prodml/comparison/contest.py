"""Describe two models on one endpoint: an A/B test, or a shadow that gets copies of requests."""

from __future__ import annotations

from dataclasses import dataclass

from prodml.endpoints.attribution import shared
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.variants import KINDS, desired
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Json

CHALLENGER = "Challenger"  # the name of the second variant
SERVED = ("ModelName", "InstanceType", "VolumeSizeInGB")  # of a variant that wins
# Members that are specific to one configuration; the next one inherits all others.
OWN = {*KINDS, "EndpointConfigName", "EndpointConfigArn", "CreationTime", "ResponseMetadata"}


@dataclass(frozen=True)
class Contest:
    """The two variants of an A/B or shadow test, as they are configured."""

    config: str
    incumbent: Json
    challenger: Json
    shadow: bool

    @classmethod
    def of(cls, config: Json) -> Contest | None:
        """Return the test that an endpoint configuration describes, or None."""
        production = config["ProductionVariants"]
        shadows = config.get("ShadowProductionVariants", [])
        others = [v for v in (*production, *shadows) if v["VariantName"] == CHALLENGER]
        if not others:
            return None
        (challenger,) = others
        first = next(v for v in production if v["VariantName"] != CHALLENGER)
        return cls(config["EndpointConfigName"], first, challenger, challenger in shadows)


def with_challenger(rollout: Rollout, config: Json, endpoint: Json, challenger: Json) -> Json:
    """Return a CreateEndpointConfig request that adds *challenger* and changes nothing else.

    *config* is the present configuration of *endpoint*, whose instance counts stay. A model that
    already serves is not added again.
    """
    serving = config["ProductionVariants"][0]
    if serving["ModelName"] == challenger["ModelName"]:
        return _kept(config) | {"ProductionVariants": [_now(serving, endpoint)]}
    if serving["VariantName"] == CHALLENGER:
        raise RequestRefusedError(
            f"The endpoint already serves a variant {CHALLENGER}, a name reserved for tests. "
            "Deploy all at once first, with another variant name."
        )
    share = rollout.step / 100
    if rollout.strategy is Strategy.SHADOW:
        shadow = challenger | {"VariantName": CHALLENGER, "InitialVariantWeight": share}
        return _kept(config) | {
            "ProductionVariants": [_now(serving, endpoint)],
            "ShadowProductionVariants": [shadow],
        }
    rival = challenger | {"VariantName": CHALLENGER, "InitialVariantWeight": share}
    variants = [_now(serving, endpoint, round(1 - share, 2)), rival]
    return _kept(config) | {"ProductionVariants": variants}


def alone(config: Json, endpoint: Json, winner: Json) -> Json:
    """Return a CreateEndpointConfig request of the *winner* alone, under the incumbent's name."""
    serving = _now(config["ProductionVariants"][0], endpoint)
    taken = {key: winner[key] for key in SERVED if key in winner}
    return _kept(config) | {"ProductionVariants": [serving | taken]}


def _kept(config: Json) -> Json:
    """Return the network, encryption, capture and other settings of *config*."""
    return {key: value for key, value in shared(config).items() if key not in OWN}


def _now(variant: Json, endpoint: Json, weight: float = 1.0) -> Json:
    """Return *variant* with the number of instances that autoscaling has set."""
    count = desired(endpoint).get(variant["VariantName"]) or variant["InitialInstanceCount"]
    return variant | {"InitialInstanceCount": count, "InitialVariantWeight": weight}
