"""Define a model's pipeline: data, candidates, and the evaluation of the winner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NoReturn

from prodml.autoscaling.policies import Policy
from prodml.autoscaling.scaling import Schedule
from prodml.debugger.rules import Rule
from prodml.endpoints.component import Component
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.serverless import Serverless
from prodml.vocabulary import Json

from include.jobs.evaluation.scores import Costs
from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.records import CSV, JSON, LINES
from include.jobs.tabular.schema import Schema
from include.pipelines.definition import scores
from include.pipelines.definition.candidate import Candidate, error_of
from include.pipelines.definition.contract import Contract
from include.pipelines.definition.drift_limits import DriftLimits
from include.pipelines.definition.names import check_name
from include.pipelines.definition.partitions import Holdout, Partitions
from include.pipelines.definition.resources import Instances, Resources
from include.pipelines.definition.search_space import Search
from include.pipelines.definition.serving import Fleet, Served
from include.pipelines.errors import PipelineError
from include.settings import ROOT, settings

JOBS = ROOT / "include" / "jobs"
DIRECTIONS = ("Maximize", "Minimize")
FEW = 20  # values of a category that the holdout is divided by, unless the pipeline says so
RECORDS = (CSV, JSON, LINES[0])
AT_ONCE, WEEKLY, ONE_WEEK, USUAL = Rollout(), Partitions(), Holdout(), Resources()
USUAL_DRIFT = DriftLimits()


@dataclass(frozen=True)
class Pipeline(Served):
    """
    One model in production: its name is also its endpoint, experiment and model package group.

    :param name: Also the folder of its jobs and of its data.
    :param schema: What the columns of its raw rows mean.
    :param candidates: What is trained in every run, side by side.
    :param metric: What the best candidate is best at, as training reports it.
    :param direction: ``Maximize`` or ``Minimize`` it.
    :param judged_by: The score on the holdout by which the best candidate replaces the model in
        production; :mod:`include.pipelines.definition.scores` lists what there is.
    :param min_gain: How much better it must be.
    :param confidence: That of the interval around its gain, all of which must reach *min_gain*.
    :param guards: By score, how much worse than the model in production it may be at most.
    :param costs: The costs of a false positive and of a false negative, by which the threshold of a
        binary model is chosen on the validation rows; None: it is 0.5.
    :param segments: The columns by whose values the holdout is scored too; None: all flags, and the
        categories with few values, without the personal ones.
    :param drift: From where on the drift of all columns together, and a score that is estimated
        without labels, warn and alert.
    :param rollout: How the next model reaches production, unless the form says otherwise.
    :param scaling: Autoscaling policies and schedules, added to the form's target tracking.
    :param resources: The instances of each step.
    :param serverless: Serve without instances, where AWS supports no data capture; None: on the
        instances of *resources*.
    :param component: Serve as an inference component on an endpoint whose instances several
        pipelines may share, without data capture; None: on an endpoint of its own.
    :param fleet: That endpoint and its instances; None: an endpoint with the pipeline's name.
    :param rules: Rules of :mod:`prodml.debugger.rules` that watch each training job.
    :param max_runtime: Seconds after which SageMaker stops a job.
    :param spot: Train on spare capacity: cheaper, but AWS may take an instance away; the job starts
        again, and waits for one at most as long as it may run.
    :param search: The space in which tuning searches; None for a pipeline without tuning.
    :param partitions: How its raw data are divided by time; the timetables of its DAGs follow.
    :param holdout: How much of the newest data no model learns from.
    :param preprocess: The module below ``include/jobs`` that makes the data sets.
    :param content_types: The types of a request's body that the first container takes.
    """

    name: str
    schema: Schema
    candidates: tuple[Candidate, ...]
    metric: str
    direction: str
    judged_by: str
    min_gain: float
    confidence: float = 0.95
    guards: Mapping[str, float] = field(default_factory=dict)
    costs: Costs | None = None
    segments: tuple[str, ...] | None = None
    drift: DriftLimits = USUAL_DRIFT
    rollout: Rollout = AT_ONCE
    scaling: tuple[Policy | Schedule, ...] = ()
    resources: Resources = USUAL
    serverless: Serverless | None = None
    component: Component | None = None
    fleet: Fleet | None = None
    rules: tuple[Rule, ...] = ()
    max_runtime: int = 1800
    spot: bool = False
    search: Search | None = None
    partitions: Partitions = WEEKLY
    holdout: Holdout = ONE_WEEK
    preprocess: str = "tabular.preprocess"
    content_types: tuple[str, ...] = RECORDS

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.direction not in DIRECTIONS:
            self._refuse(f"direction is {self.direction!r}; use one of {DIRECTIONS}")
        self._check_direction()
        self._check_candidates()
        self._check_evaluation()
        if why := self.contradiction():
            self._refuse(why)
        known = scores.SCORES[self.problem]
        for score in (self.judged_by, *self.guards):
            if score not in known:
                self._refuse(
                    f"{score!r} is not a score of a {self.problem} model; use {sorted(known)}"
                )

    def _check_evaluation(self) -> None:
        if not 0 < self.confidence < 1:
            self._refuse(f"confidence is {self.confidence}; give a share such as 0.95")
        if self.min_gain < 0:
            self._refuse(f"min_gain is {self.min_gain}; give 0 or more, in units of judged_by")
        if self.costs and (self.problem != scores.BINARY or min(self.costs) <= 0):
            self._refuse(
                f"costs are {tuple(self.costs)}, and its labels make it a {self.problem} model; "
                "give two costs above 0, for a binary model"
            )
        named, allowed = self.segments or (), self._divisible
        if strangers := [name for name in named if name not in allowed]:
            self._refuse(
                f"segment {strangers[0]!r} is not a flag or category, or is personal; use some of "
                f"{allowed}"
            )

    def _check_direction(self) -> None:
        try:
            scores.refuse_direction(self.metric, self.direction)
        except ValueError as error:
            self._refuse(str(error).rstrip("."))

    def _check_candidates(self) -> None:
        names = [candidate.name for candidate in self.candidates]
        if not names or len(set(names)) < len(names):
            self._refuse(f"its candidates are {names}; define at least one, with unique names")
        for candidate in self.candidates:
            stated = (self.jobs, self.training(candidate), self.rules_of(candidate))
            if why := error_of(candidate, *stated, self.metric):
                self._refuse(why)
        if self.search and self.search.candidate not in names:
            self._refuse(f"it searches {self.search.candidate!r}, but its candidates are {names}")

    def rules_of(self, candidate: Candidate) -> tuple[Rule, ...]:
        """Return the rules that watch the training of *candidate*."""
        return self.rules if candidate.rules is None else candidate.rules

    def training(self, candidate: Candidate) -> Instances:
        """Return the instances of a candidate's training jobs."""
        return candidate.resources or self.resources.training

    def _refuse(self, why: str) -> NoReturn:
        raise PipelineError(f"Pipeline {self.name!r}: {why}.")

    @property
    def searched(self) -> tuple[Search, Candidate]:
        """Return the search space, and the candidate that it starts from."""
        if self.search is None:
            self._refuse("it has no search space; set search=Search(...)")
        wanted = self.search.candidate
        return self.search, next(c for c in self.candidates if c.name == wanted)

    @property
    def classes(self) -> list[str]:
        """Return the label's values in the order of their numbers; none of a regression."""
        labels = self.schema.labels or {}
        return sorted(labels, key=labels.__getitem__)

    @property
    def problem(self) -> str:
        """Return ``regression``, ``binary`` or ``multiclass``, from the schema's label."""
        return scores.problem_of(self.classes)

    @property
    def _divisible(self) -> list[str]:
        """Return the columns whose values may be named."""
        columns = (*self.schema.flags, *self.schema.categories)
        return [name for name in columns if name not in self.schema.personal]

    @property
    def segmented(self) -> dict[str, int]:
        """Return the columns by whose values the holdout is scored, with their places."""
        few = {name for name, values in self.schema.categories.items() if len(values) <= FEW}
        usual = [n for n in self._divisible if n in self.schema.flags or n in few]
        named = usual if self.segments is None else self.segments
        return {name: self.schema.inputs.index(name) for name in named}

    @property
    def metrics(self) -> list[str]:
        """Return the metrics that training can be selected by."""
        names = {self.metric} | {name for c in self.candidates for name in c.metrics}
        return [self.metric, *sorted(names - {self.metric})]

    @property
    def jobs(self) -> Any:
        """Return the folder of the pipeline's own scripts."""
        return JOBS / self.name

    def default_args(self) -> Json:
        """Return the arguments that all tasks of the pipeline's DAGs share."""
        return task_defaults() | {
            "code_prefix": self.uri("code"),
            "experiment": self.group,
            "endpoint": self.endpoint,
            "component": self.component_name,
            "group": self.group,
        }

    @property
    def contract(self) -> Contract:
        """Return what the models that it makes now take and answer."""
        return Contract.of(contract_document(self.schema))

    def smoke_record(self) -> str:
        """Return one record, as JSON, for a test request to a new endpoint."""
        return self.contract.record()


def task_defaults() -> Json:
    """Return the arguments that the tasks of all DAGs share."""
    current = settings()
    return {
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        **current.connection,
        "role_arn": current.role_arn,
        # Independent of Airflow's default: tasks that wait for jobs must not take the slot of
        # reconcile_jobs.
        "deferrable": True,
    }
