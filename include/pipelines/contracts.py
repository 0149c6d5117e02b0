"""Define the results that tasks of the pipelines pass on, once each: plain JSON for XCom.

What an operator returns is in :mod:`prodml.results`. A wiring function hands a result on as a
template, which ``stages.references`` makes from the task, so that mypy checks each field's name.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from prodml.results import Container


class RawInput(TypedDict):
    """The raw rows of a job: a manifest, the S3 prefix of the objects in it, and their number."""

    manifest: str
    raw: str
    objects: int


class Window(RawInput):
    """A run's window of complete partitions, and where in S3 the run works.

    *start*, *holdout* and *end* are UTC instants in ISO form: the rows from *holdout* on are held
    out. *prefix* and *artifacts* are S3 addresses: rows and reports lie below the former, and
    expire; what a version needs lies below the latter, and stays. *started_by* is an alert or the
    kind of run.
    """

    start: str
    holdout: str
    end: str
    prefix: str
    artifacts: str
    started_by: str


class DataSets(TypedDict):
    """The S3 prefixes of the data sets that preprocessing makes."""

    train: str
    validation: str
    validation_records: str
    validation_labels: str
    holdout: str
    holdout_labels: str
    baseline: str
    preprocessing: str


class Prepared(TypedDict):
    """A run's data sets, and the trial component of their preprocessing."""

    outputs: DataSets
    trial_component: str


class Tables(TypedDict):
    """The S3 prefixes of the data sets that an AutoML job reads, which have a header."""

    train: str
    validation: str


class Tabulated(TypedDict):
    """The result of the job that adds the headers."""

    outputs: Tables


class Expense(TypedDict):
    """The most that the jobs of one step can cost, on the dearest type that they may run on."""

    step: str
    jobs: int
    instances: int
    instance_type: str
    usd_per_hour: float
    usd_at_most: float


class Budget(TypedDict):
    """The most that a run's jobs can cost, and what the figure is made of."""

    usd_at_most: float
    jobs: int
    steps: list[Expense]
    prices_of: str


class TrialArguments(TypedDict):
    """The arguments of one mapped training task."""

    name: str
    config: dict[str, Any]
    instance_types: list[str]
    algorithm: NotRequired[str]
    source_dir: NotRequired[str]
    entry_point: NotRequired[str]
    rules: NotRequired[list[dict[str, Any]]]


class TuningPlan(TypedDict):
    """A tuning job's request, and the earlier tuning jobs that it learns from."""

    config: dict[str, Any]
    instance_types: list[str]
    warm_start_from: list[str]


class AutoMLPlan(TypedDict):
    """The request of an AutoML job."""

    config: dict[str, Any]


class Contender(TypedDict):
    """The arguments of one mapped transform task: a model that answers the rows of a data set."""

    containers: list[Container]
    config: dict[str, Any]
    accept: str
    input_uri: str
    output_uri: str


class EvaluationPlan(TypedDict):
    """The request of an evaluation job, and the arguments of its program."""

    config: dict[str, Any]
    arguments: list[str]


class Origin(TypedDict, total=False):
    """The run that made a version, and the task of its leaderboard; empty if not storable."""

    made_by_dag: str
    made_by_run: str
    leaderboard: str


class VersionFacts(Origin):
    """The metadata that a version is registered with; every property is text."""

    window_start: str
    window_end: str
    baseline: str
    preprocessing: str
    input_contract: str
    schema_digest: str
    threshold: str
    holdout_scores: str
    holdout_labels: str
    trial: str
    started_by: str
    endpoint: str
    judged_by: str
    holdout_rows: str
    calibration: NotRequired[str]  # of a model that answers probabilities
    training_rows: NotRequired[str]  # of training and validation, if preprocessing counts them
    decided: NotRequired[str]  # of a version that the comparison has rejected, as for an approval
    decided_by: NotRequired[str]
    decided_at: NotRequired[str]


class Verdict(TypedDict):
    """The comparison of challenger and champion, ready to be registered and to be shown."""

    approval: str
    outcome: str
    decision: str
    scorecards: str
    holdout: dict[str, dict[str, float] | None]
    metrics: dict[str, float]
    metadata: VersionFacts
    containers: list[Container]


class ServingInstances(TypedDict):
    """The instances on which an endpoint starts, or its serverless variant."""

    instance_type: str
    instance_count: int
    volume_gb: int | None
    serverless: dict[str, Any] | None


class VersionPlan(ServingInstances):
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
    payload: str
    output_uri: str


class ScoringPlan(RawInput):
    """A partition to score, the model that scores it, and where in S3 the run works."""

    name: str
    prefix: str
    containers: list[Container]
    baseline: str
    contract: str
    holdout_scores: str | None
    calibration: str | None
    model_package_arn: str | None


class Scored(TypedDict):
    """The prefix of a file's predictions, each joined to its key, and how many rows there are."""

    rows_in: int
    rows_out: int
    output: str
    model_package_arn: str | None


class Images(TypedDict):
    """The S3 prefix of a study's images, and the local files to upload there first."""

    uri: str
    files: list[str]


class Pixels(TypedDict):
    """The statistics that a study's trials normalize images with."""

    normalization_mean: float
    normalization_std: float
    training_images: int


class Traffic(TypedDict):
    """The part of a check's arguments that drift and model quality share."""

    endpoint: str
    captures: list[str]
    window_start: str
    window_end: str
    output_uri: str
    model_package_arn: str | None
    predictions_uri: str | None


class DriftQuestion(Traffic):
    """The arguments of one mapped drift check."""

    baseline_uri: str | None
    calibration_uri: str | None
    history_uri: str | None


class QualityQuestion(Traffic):
    """The arguments of one mapped check of model quality."""

    holdout_labels_uri: str | None


class VersionVerdict(TypedDict):
    """The verdict on a version's part of a window, by the check and by labels that arrived."""

    endpoint: str
    model_package_arn: str | None
    window_start: str
    window_end: str
    outcome: str
    columns: list[str]
    rows: int
    report: str | None
    reason: str | None
    drift: str | None
    data_quality: str | None
    prediction_drift: list[str]
    joint_drift: list[str]
    worse_estimates: list[str]
    model_quality: str | None
    worse_metrics: list[str]
    alerts: bool


class WindowVerdict(VersionVerdict):
    """The verdict on an endpoint by its version in service, and the action that follows.

    *others* are versions that answered in the window and are not in service any more.
    """

    others: list[VersionVerdict]
    action: str
    why: str


class EstimatedScore(TypedDict):
    """The score that decides, estimated without labels; it warns and alerts from these values."""

    score: str
    status: str
    expected: float | None
    warn: float | None
    alert: float | None


class Figures(TypedDict):
    """The figures of a window that the trend and Studio show.

    *distances* are by column, with the *thresholds* that warn and that alert; *joint* is the
    distance of all columns together, *estimated* the score that was estimated without labels, and
    *estimate* what it is compared with.
    """

    distances: dict[str, float]
    thresholds: dict[str, tuple[float, float]]
    joint: float | None
    joint_thresholds: tuple[float, float] | None
    estimated: float | None
    estimate: EstimatedScore | None


class KeptWindow(WindowVerdict, Figures):
    """A verdict in the history of checks, with its figures."""


class Conclusion(WindowVerdict):
    """The verdict on the endpoint that is worst off, and those on all endpoints."""

    endpoints: list[WindowVerdict]
