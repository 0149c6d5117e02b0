"""Two models behind one endpoint: by A/B both answer, or a shadow gets copies of requests."""

from __future__ import annotations

from dataclasses import dataclass

from prodml.endpoints.attribution import shared
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.variants import KINDS, desired
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Json

CHALLENGER = "Challenger"  # the variant beside the one that serves
# What a described configuration has for itself; the next one takes over everything else.
OWN = {*KINDS, "EndpointConfigName", "EndpointConfigArn", "CreationTime", "ResponseMetadata"}


@dataclass(frozen=True)
class Contest:
    """The variants of an endpoint configuration that has two, as they are configured."""

    config: str
    incumbent: Json
    challenger: Json
    shadow: bool

    @classmethod
    def of(cls, config: Json) -> Contest | None:
        """The contest that a described endpoint configuration is; None for any other one."""
        production = config["ProductionVariants"]
        shadows = config.get("ShadowProductionVariants", [])
        others = [v for v in (*production, *shadows) if v["VariantName"] == CHALLENGER]
        if not others:
            return None
        (challenger,) = others
        first = next(v for v in production if v["VariantName"] != CHALLENGER)
        return cls(config["EndpointConfigName"], first, challenger, challenger in shadows)


def beside(rollout: Rollout, config: Json, found: Json, challenger: Json) -> Json:
    """CreateEndpointConfig that puts *challenger* beside what serves, and changes nothing else.

    *config* is what the endpoint is on, and *found* the endpoint, whose instances stay. A model
    that serves already has nobody to compete with.
    """
    serving = config["ProductionVariants"][0]
    if serving["ModelName"] == challenger["ModelName"]:
        return _kept(config) | {"ProductionVariants": [_now(serving, found)]}
    if serving["VariantName"] == CHALLENGER:
        raise RequestRefusedError(
            f"The endpoint serves a variant called {CHALLENGER}, the name that a contest needs. "
            "Deploy all at once first, with another variant."
        )
    share = rollout.step / 100
    if rollout.strategy is Strategy.SHADOW:
        shadow = challenger | {"VariantName": CHALLENGER, "InitialVariantWeight": share}
        return _kept(config) | {
            "ProductionVariants": [_now(serving, found)],
            "ShadowProductionVariants": [shadow],
        }
    rival = challenger | {"VariantName": CHALLENGER, "InitialVariantWeight": share}
    variants = [_now(serving, found, round(1 - share, 2)), rival]
    return _kept(config) | {"ProductionVariants": variants}


def alone(config: Json, found: Json, winner: Json) -> Json:
    """CreateEndpointConfig of the *winner* by itself, under the name that has served so far."""
    serving = _now(config["ProductionVariants"][0], found)
    taken = {key: winner[key] for key in ("ModelName", "InstanceType") if key in winner}
    return _kept(config) | {"ProductionVariants": [serving | taken]}


def _kept(config: Json) -> Json:
    """Network, encryption, capture and whatever else *config* has besides its variants."""
    return {key: value for key, value in shared(config).items() if key not in OWN}


def _now(variant: Json, found: Json, weight: float = 1.0) -> Json:
    """*variant* with the instances that autoscaling has started by now."""
    count = desired(found).get(variant["VariantName"]) or variant["InitialInstanceCount"]
    return variant | {"InitialInstanceCount": count, "InitialVariantWeight": weight}
