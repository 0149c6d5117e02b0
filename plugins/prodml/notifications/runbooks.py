"""Say for each event what it means and what to do, as Markdown with backticks only."""

from __future__ import annotations

from dataclasses import dataclass

from prodml.notifications.endpoint_events import (
    AuditRequested,
    DriftAlert,
    EndpointExpires,
    RolledBack,
)
from prodml.notifications.run_events import (
    BudgetRefused,
    DagBroken,
    OrphansStopped,
    RunFailed,
    RunLate,
    TrainingProblem,
)
from prodml.notifications.version_events import (
    ApprovalWaiting,
    Approved,
    ModelDeployed,
    Rejected,
    Undecided,
)


@dataclass(frozen=True)
class Runbook:
    """The meaning of an event, and the steps that follow."""

    meaning: str
    steps: tuple[str, ...]


RUNBOOKS = {
    ApprovalWaiting.name: Runbook(
        "A version is registered and better than the model in production. Nothing is deployed "
        "until a person answers; no answer in time rejects it.",
        (
            "Compare the scorecards in the message, and open the lineage that the card links.",
            "Answer in Airflow (the link; *Required Actions*), or set the version's approval "
            "status in the model registry. The first answer counts.",
            "Too late? Approve the version in the registry, then deploy it with `deploy_model`.",
        ),
    ),
    Approved.name: Runbook(
        "A version may be deployed, and the run deploys it next.",
        (
            "Nothing to do. The run's note says who approved it.",
            "To stop it, pin the version in service with `deploy_model` before the deployment.",
        ),
    ),
    Rejected.name: Runbook(
        "A version will not be deployed: a person rejected it, no one answered in time, or it "
        "was not better than the model in production.",
        (
            "Read the reason. A version that lost the comparison needs no action.",
            "To deploy it nevertheless, set its approval status to Approved in the model "
            "registry, then run `deploy_model` with its number.",
        ),
    ),
    Undecided.name: Runbook(
        "The comparison with the model in production could not decide: the interval of the gain "
        "holds the least gain (*not sure*), or the holdout cannot serve the model in production "
        "(*NOT_COMPARABLE*). Production stays, and the version is registered.",
        (
            "Read the reason: it says how many more rows would decide, or what differs.",
            "To deploy the version nevertheless, run `deploy_model` with its number.",
            "To decide by more data, hold out more partitions, or wait for the next run. After a "
            "change of the schema, run the retrain with `allow_older`, or without `auto_approve`.",
        ),
    ),
    ModelDeployed.name: Runbook(
        "The endpoint was verified: it serves the version, or tests it against the one it served.",
        (
            "Watch the endpoint's errors and latency, and the next runs of `check_churn_drift`.",
            "To return to an earlier version, run `deploy_model` with its number: it is pinned "
            "until `release_pin`.",
            "To end a test, run `promote_winner`.",
        ),
    ),
    RolledBack.name: Runbook(
        "An alarm, or a check of the new configuration, failed. The endpoint serves what it "
        "served before, unless the message says otherwise.",
        (
            "Read the reason in the message, and the endpoint's log of that time.",
            "Check that the endpoint is InService on the configuration that the message names.",
            "Fix the cause, then clear the task `deploy`, or train again. The version stays "
            "approved, and is not deployed by itself.",
        ),
    ),
    DriftAlert.name: Runbook(
        "The traffic of a window differs from the training data. The title says what the check "
        "started: a retrain, a fix of the data, or only this report.",
        (
            "Open the task `check` of the run, and its drift report.",
            "`a with b`: the columns no longer go together as they did, though none need have "
            "moved; see their picture, and ask upstream what joins, defaults or units changed.",
            "`estimated auc`: the model is less sure of these rows, and is expected to be wrong "
            "more often. Get labels of some of them to confirm it.",
            "`retrain`: nothing to do until the new version waits for approval.",
            "`fix data quality`: repair the named columns upstream; a retrain would learn the "
            "error.",
            "An alert that repeats for the same columns is not sent again.",
        ),
    ),
    AuditRequested.name: Runbook(
        "The traffic has drifted, and there are no newer labelled rows to train on, or it is not "
        "known what the model was trained on.",
        (
            "Open the drift report, and ask the owners of the named columns whether the change "
            "is real.",
            "Provide newer labelled partitions; the next alert starts a retrain.",
        ),
    ),
    BudgetRefused.name: Runbook(
        "A run was refused before its first job: all its jobs together may cost more than "
        "`max_cost`.",
        (
            "Use fewer candidates or a shorter `max_runtime`, or raise `max_cost` in the form.",
            "Check the price list, `PRODML_PRICES`.",
        ),
    ),
    OrphansStopped.name: Runbook(
        "A job ran although its task had ended: its worker died, its run timed out or was "
        "deleted. `reconcile_jobs` has stopped it, so that it does not bill on.",
        (
            "Clear the task if its result is still needed; it starts the next attempt.",
            "If this repeats, look up why workers die: memory, spot nodes, evictions.",
        ),
    ),
    TrainingProblem.name: Runbook(
        "Rules of a training job found the problems in the message. A rule with `stop` has stopped "
        "the job: its trial has failed, or its model is kept where it is usable.",
        (
            "Open the task's *Training report*: the curves, with the findings marked, and what to "
            "do for each.",
            "Change the candidate or its data; the changed request starts a new job.",
            "To train a stopped job nevertheless, remove the rule or its `stop`, then clear the "
            "task.",
        ),
    ),
    EndpointExpires.name: Runbook(
        "The endpoint has the tag `prodml:expires`. `reap_endpoints` deletes it, with its "
        "configurations, models, alarms and scaling.",
        (
            "To keep it, set the tag to a later time in ISO 8601, or remove the tag.",
            "Model packages and data stay; `deploy_model` creates the endpoint again.",
        ),
    ),
    RunFailed.name: Runbook(
        "A run ended as failed. Of a DAG that runs every few minutes, only the first failure of "
        "a series is sent.",
        (
            "Open the run; the log of the red task ends with the reason and what to do.",
            "Fix the cause, then clear the failed task: it adopts the jobs that have completed.",
        ),
    ),
    RunLate.name: Runbook(
        "A scheduled run has not ended when it was due: it waits for a slot, a job or a person, "
        "or it started late.",
        (
            "Open the run, and see which task waits and for what.",
            "`queued` or `scheduled`: check pools, slots, workers and `max_active_runs`.",
            "`deferred`: check the triggerer, then the job's page.",
            "A run that was never created sends nothing, since Airflow is down or the DAG is "
            "paused: let an outside monitor poll Airflow's `/api/v2/monitor/health`.",
        ),
    ),
    DagBroken.name: Runbook(
        "Airflow's DAG processor cannot import a file. Its DAGs get no scheduled runs.",
        (
            "Open Airflow's start page, which shows the error under *Dag Import Errors*.",
            "Fix the file, the package or the variable that the error names; the runs that were "
            "due start by themselves once the file can be imported.",
        ),
    ),
}
