"""Describe the inference components of an endpoint: version, copies, resources and last update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.studio.components import model_of
from prodml.studio.moments import iso
from prodml.studio.served import MODELS, served_versions
from prodml.vocabulary import Json


class Component(TypedDict):
    """One component; *desired* copies were asked for, *copies* run, each with the resources.

    *version* is the registered version of its model; None for a model without one.
    """

    name: str
    variant: str
    status: str
    failure: str
    model: str
    version: int | None
    copies: int
    desired: int
    memory_mb: int
    cpus: float
    accelerators: float
    modified: str | None


def components(aws: Clients, described: Sequence[Json]) -> list[Component]:
    """Return what the page shows of the *described* components of an endpoint."""
    versions = served_versions(aws, MODELS) if described else {}
    return [_component(one, versions) for one in described]


def _component(described: Json, versions: Mapping[str, int]) -> Component:
    model, copies = model_of(described), described.get("RuntimeConfig", {})
    needs = described.get("Specification", {}).get("ComputeResourceRequirements", {})
    return {
        "name": described["InferenceComponentName"],
        "variant": described["VariantName"],
        "status": described["InferenceComponentStatus"],
        "failure": described.get("FailureReason", ""),
        "model": model,
        "version": versions.get(model.lower()),
        "copies": copies.get("CurrentCopyCount", 0),
        "desired": copies.get("DesiredCopyCount", 0),
        "memory_mb": needs.get("MinMemoryRequiredInMb", 0),
        "cpus": needs.get("NumberOfCpuCoresRequired", 0.0),
        "accelerators": needs.get("NumberOfAcceleratorDevicesRequired", 0.0),
        "modified": iso(described.get("LastModifiedTime")),
    }


def rollback_alarms(described: Sequence[Json]) -> list[str]:
    """Return the names of the alarms that roll back an update of one of the *described*."""
    configs = [one.get("LastDeploymentConfig") or {} for one in described]
    rollbacks = [config.get("AutoRollbackConfiguration", {}) for config in configs]
    return [alarm["AlarmName"] for rollback in rollbacks for alarm in rollback.get("Alarms", [])]
