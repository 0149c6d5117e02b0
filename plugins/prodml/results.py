"""Define what the operators return, each result once: plain JSON for XCom.

A result is a dictionary at run time, so that XCom stores it as it is; its type lets mypy name a
field that another task misspells.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Container(TypedDict):
    """An image, the model's artifact and its environment, as CreateModel takes them."""

    Image: str
    ModelDataUrl: NotRequired[str]
    ModelDataSource: NotRequired[dict[str, Any]]
    Environment: NotRequired[dict[str, str]]
    ContainerHostname: NotRequired[str]


class Answer(TypedDict):
    """An endpoint's answer to one record, or the reason of its refusal with the HTTP status."""

    endpoint: str
    variant: str | None
    milliseconds: float
    status: int
    answer: str


class Uploaded(TypedDict):
    """The files of a prefix, and how many of them had to be sent."""

    prefix: str
    files: list[str]
    sent: int
    unchanged: int


class Processed(TypedDict):
    """A processing job's outputs by name, and the trial component that it made."""

    job_name: str
    outputs: dict[str, str]
    exit_message: str | None
    trial_component: str | None


class Evaluated(Processed):
    """An evaluation job, and the S3 addresses of evaluation.json and of a page that shows it."""

    evaluation: str
    page: str


class Trial(TypedDict):
    """A completed training job in its experiment; *container* serves its model."""

    name: str
    trial: str
    job_name: str
    algorithm: str
    hyperparameters: dict[str, Any]
    status: str
    metrics: dict[str, float]
    model_data: str
    image: str
    container: Container
    billable_seconds: int | None
    stopped_by: NotRequired[str]  # the finding of the rule that stopped the job
    containers: NotRequired[list[Container]]  # all that serve the model, if one does not


class BestTrial(Trial):
    """The trial that a selection chose, the rule of the choice, and the other trials' values."""

    metric: str
    statistic: str
    value: float
    direction: str
    ranking: list[dict[str, Any]]


class Tuned(TypedDict):
    """A tuning job, its training jobs by status, and the best of them."""

    job_name: str
    metric: str
    value: float
    counts: dict[str, int]
    best: Trial


class AutoTrained(TypedDict):
    """An AutoML job, its best candidate, and the training jobs of all completed candidates."""

    job_name: str
    objective: str
    value: float
    best: Trial
    trials: list[dict[str, str]]


class Transformed(TypedDict):
    """A transform job, the S3 prefix of its output, and the output files."""

    job_name: str
    model: str
    output: str
    files: list[str]


class Component(TypedDict):
    """A trial component that several trials share."""

    trial_component: str


class Registered(TypedDict):
    """A version of a model package group; *created* is false for one of an earlier try."""

    model_package_arn: str
    version: int
    approval: str
    created: bool


class Approved(TypedDict):
    """The approval status that a version was given, by whom and why."""

    model_package_arn: str
    approval: str
    by: str
    why: str


class Serving(TypedDict):
    """An endpoint, its configuration and model; the ARN is None for a model without a package."""

    endpoint: str
    config: str
    model: str
    model_package_arn: str | None


class Deployed(Serving):
    """A verified deployment; in a contest, of the challenger."""

    variant: str
    instances: int
    capture: str | None
    contest: bool
    changed: bool


class DeployedComponent(TypedDict):
    """An inference component in service; *changed* says whether this task has changed it."""

    endpoint: str
    component: str
    model: str
    model_package_arn: str
    copies: int
    changed: bool


class Promoted(Serving):
    """The end of a contest; *promoted* is true where the challenger won."""

    promoted: bool


class Published(TypedDict):
    """A REST API in front of an endpoint, and the id of the key that may call it."""

    api_id: str
    stage: str
    deployment_id: str
    url: str
    api_key_id: str
    changed: bool


class Alarms(TypedDict):
    """The names of the alarms that watch an endpoint."""

    alarms: list[str]


class Contest(TypedDict):
    """Two variants that compete behind one endpoint."""

    endpoint: str
    config: str
    incumbent: str
    challenger: str
    shadow: bool


class Comparison(TypedDict):
    """The winner of a contest, the sentence why, and the figures of both variants."""

    endpoint: str
    config: str
    winner: str
    loser: str
    decision: str
    incumbent: dict[str, Any]
    challenger: dict[str, Any]


class Period(TypedDict):
    """A half-open period in ISO 8601."""

    start: str
    end: str


class Checked(TypedDict):
    """The outcome of a drift or quality check of one window; *report* is an S3 prefix."""

    outcome: str
    columns: list[str]
    rows: int
    answers: int
    warned: list[str]
    prediction_drift: list[str]
    joint_drift: list[str]
    worse_estimates: list[str]
    drift: str | None
    data_quality: str | None
    reason: str | None
    window: Period
    endpoint: str | None
    model_package_arn: str | None
    job_name: str | None
    report: str | None
