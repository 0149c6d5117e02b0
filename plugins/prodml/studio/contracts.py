"""Define what the API of the pages returns; `ui/src/api.ts` has the same types."""

from __future__ import annotations

from typing import TypedDict


class VersionCard(TypedDict):
    """One registered version of a model, with its scores on its holdout.

    *by* is who or what approved or rejected it, at the time *decided*.
    """

    version: int
    created: str
    approval: str
    reason: str
    by: str
    decided: str | None
    scores: dict[str, float]
    judged_by: str | None
    window_start: str | None
    window_end: str | None
    rows: int | None
    trial: str | None
    dag: str | None
    run: str | None
    leaderboard: str | None  # the task of its run that has it


class Traffic(TypedDict):
    """Metrics of an endpoint or component over the last *minutes*; None without a request."""

    minutes: int
    requests: int
    errors: int
    latency_ms: float | None


class EndpointCard(TypedDict):
    """The state of a model's endpoint, or of its inference component on the endpoint *name*.

    *copies* are those of the component that run; None for an endpoint of the model's own.
    """

    name: str
    component: str | None
    status: str
    reason: str | None
    since: str
    version: int | None
    instances: int
    copies: int | None
    variants: int
    traffic: Traffic


class ModelCard(TypedDict):
    """One model: its versions, newest first, and its endpoint."""

    name: str
    pinned: int | None
    versions: list[VersionCard]
    endpoint: EndpointCard | None


class Models(TypedDict):
    """The models of the account, with the time at which AWS was read."""

    read_at: str
    models: list[ModelCard]
    truncated: bool
