"""Describe what serves each model: an endpoint of its own, or an inference component."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from prodml.aws.client import Clients
from prodml.studio.components import components_named, model_of
from prodml.studio.contracts import EndpointCard, Traffic
from prodml.studio.served import MODELS, served_versions
from prodml.studio.traffic import traffic_of, variants_of
from prodml.vocabulary import Json


def cards(
    aws: Clients,
    names: Collection[str],
    endpoints: Mapping[str, Json],
    served: Mapping[str, int],
) -> dict[str, EndpointCard]:
    """Return what serves each of *names*; a component goes before an endpoint of its name.

    :param endpoints: Searched endpoints by name.
    :param served: Versions by endpoint configuration.
    """
    hosted = components_named(aws, names, endpoints.values())
    models = served_versions(aws, MODELS) if hosted else {}
    alone = {name: endpoints[name] for name in names if name in endpoints and name not in hosted}
    places = {name: variants_of(endpoint) for name, endpoint in alone.items()}
    places |= {name: [{"InferenceComponentName": name}] for name in hosted}
    traffic = traffic_of(aws, places)
    result = {
        name: _of_endpoint(endpoint, served, traffic[name]) for name, endpoint in alone.items()
    }
    for name, component in hosted.items():
        fleet = endpoints.get(component["EndpointName"], {})
        result[name] = _of_component(component, fleet, models, traffic[name])
    return result


def _of_endpoint(endpoint: Json, served: Mapping[str, int], traffic: Traffic) -> EndpointCard:
    return {
        "name": endpoint["EndpointName"],
        "component": None,
        "status": endpoint["EndpointStatus"],
        "reason": endpoint.get("FailureReason"),
        "since": endpoint["LastModifiedTime"].isoformat(),
        "version": served.get(endpoint["EndpointConfigName"].lower()),
        "instances": _instances(endpoint),
        "copies": None,
        "variants": len(endpoint.get("ProductionVariants", [])),
        "traffic": traffic,
    }


def _of_component(
    component: Json, fleet: Json, models: Mapping[str, int], traffic: Traffic
) -> EndpointCard:
    return {
        "name": component["EndpointName"],
        "component": component["InferenceComponentName"],
        "status": component["InferenceComponentStatus"],
        "reason": component.get("FailureReason"),
        "since": component["LastModifiedTime"].isoformat(),
        "version": models.get(model_of(component).lower()),
        "instances": _instances(fleet),
        "copies": component.get("RuntimeConfig", {}).get("CurrentCopyCount", 0),
        "variants": 1,
        "traffic": traffic,
    }


def _instances(endpoint: Json) -> int:
    variants = endpoint.get("ProductionVariants", [])
    return sum(variant.get("CurrentInstanceCount", 0) for variant in variants)
