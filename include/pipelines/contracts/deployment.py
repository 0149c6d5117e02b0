"""Define the plans of the tasks that deploy, pin, import, publish and load-test a version."""

from __future__ import annotations

from typing import Any, TypedDict


class ServingInstances(TypedDict):
    """The instances on which an endpoint starts, or its serverless variant."""

    instance_type: str
    instance_count: int
    volume_gb: int | None
    serverless: dict[str, Any] | None


class ServingComponent(TypedDict):
    """The inference component, what each copy reserves, and the instances of a new endpoint."""

    component: str | None
    needs: dict[str, Any] | None
    hosts: dict[str, Any] | None


class VersionPlan(ServingInstances, ServingComponent):
    """A registered version that a person chose, and the endpoint that will serve it."""

    pipeline: str
    endpoint: str
    version: int
    model_package_arn: str
    approval: str
    serving: str | None
    capture: str | None
    payload: str
    scorecards: str


class Hold(TypedDict):
    """A pin that was set for a deployment, and the version that was pinned before."""

    pipeline: str
    version: int
    before: int | None


class ImportPlan(TypedDict):
    """The model package group of a copied version, and the S3 prefix of what it needs."""

    group: str
    output_uri: str


class ApiPlan(TypedDict):
    """The endpoint that an API is published for, and the JSON schema of its requests."""

    endpoint: str
    schema: dict[str, Any]


class LoadPlan(TypedDict):
    """The endpoint of a load test, a request for it, and the prefix of the report."""

    endpoint: str
    component: str | None
    payload: str
    output_uri: str
