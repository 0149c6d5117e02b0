"""The DAGs' own tasks: each hands its context to one function of this package."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import task
from prodml.endpoints.rollout import CONTESTS, Strategy

from include import assets
from include.pipelines import (
    batch,
    champion,
    costs,
    drift,
    judging,
    lifetimes,
    mnist,
    pins,
    requests,
    runs,
    search,
    signals,
    studies,
    versions,
)
from include.pipelines.catalog import find
from include.pipelines.outcomes import settled

Json = dict[str, Any]
log = logging.getLogger(__name__)


@task
def resolve_window(pipeline: str, **context: Any) -> Json:
    """Which slices to train on; bad rows in them end the run here."""
    return settled(runs.resolve_window)(find(pipeline), context)


@task
def plan_tuning(pipeline: str, window: Json, data: Json, **context: Any) -> Json:
    """The tuning job to start, and the one of an earlier run that it learns from."""
    stated, params = find(pipeline), context["params"]
    where, candidate = stated.searched
    training = requests.training(stated, candidate, window["prefix"], data)
    before = []
    if params["warm_start"] and params["strategy"] != search.GRID:
        run = context["dag_run"].run_id
        before = search.last_job(context["dag"].dag_id, run, search.objective(params))
    return {"config": search.request(where, params, training), "warm_start_from": before}


@task
def contenders(pipeline: str, best: Json, window: Json) -> list[Json]:
    """What is scored on the holdout: the best trial, and the model in production if any."""
    return judging.contenders(find(pipeline), best, window["prefix"])


@task
def judge(pipeline: str, best: Json, scored: Any, window: Json, data: Json, *, params: Any) -> Json:
    """Accepted or Rejected, with both scorecards and the reason."""
    decide = settled(judging.judge)
    how = {name: params[name] for name in ("min_gain", "allow_older")}
    verdict = decide(find(pipeline), best, list(scored), window, data, **how)
    log.info("%s", verdict["decision"])
    return verdict


@task.short_circuit
def accepted(verdict: Json) -> bool:
    """A model that lost the comparison ends the run here, successfully."""
    log.info("%s", verdict["decision"])
    return bool(verdict["approval"] != "Rejected")


@task
def unpinned(pipeline: str) -> None:
    """A pinned version stays in production, and the run ends here, successfully."""
    pins.leave_pinned(find(pipeline))


@task
def resolve_version(*, params: Any) -> Json:
    """The version to deploy; a pin that is to be released goes first."""
    pipeline = find(params["pipeline"])
    if params["release_pin"]:
        log.info("Released %s of %s", pins.release(pipeline), pipeline.name)
    return settled(versions.plan)(params)


@task
def endpoint_of(*, params: Any) -> str:
    """The endpoint of the form's pipeline."""
    return find(params["pipeline"]).endpoint


@task
def plan_load(**context: Any) -> Json:
    """The endpoint of the form's pipeline, a request for it, and where the report goes."""
    pipeline = find(context["params"]["pipeline"])
    prefix = runs.run_prefix(context, pipeline.name)
    return {
        "endpoint": pipeline.endpoint,
        "payload": pipeline.smoke_row(),
        "output_uri": f"{prefix}/load_test",
    }


@task
def hold(plan: Json, *, params: Any) -> Json | None:
    """Pin the version before it is deployed: nothing may come in between."""
    if not params["pin"]:
        return None
    contest = Strategy(params["rollout"]) in CONTESTS
    return pins.hold(find(plan["pipeline"]), plan["version"], contest)


@task(trigger_rule="one_failed")
def undo_hold(held: Json | None) -> None:
    """A version that did not come into service is not pinned."""
    if held:
        pins.undo(find(held["pipeline"]), held)


@task
def announce(pipeline: str, deployed: Json, *, outlet_events: Any) -> Json:
    """Tell other DAGs which model serves now; one that still has to win a contest does not."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.model(pipeline)].extra = event
    return event


@task(task_id="announce", outlets=[assets.MODEL_DEPLOYED])
def announce_chosen(pipeline: str, deployed: Json, *, outlet_events: Any) -> Json:
    """The same for a pipeline that a form has chosen."""
    event = settled(champion.deployed_event)(deployed)
    outlet_events[assets.MODEL_DEPLOYED].add(assets.model(pipeline), extra=event)
    return event


@task
def resolve_file(pipeline: str, **context: Any) -> Json:
    """Which file to score, and the model that scores it."""
    return settled(batch.plan)(find(pipeline), context)


@task
def join_predictions(pipeline: str, plan: Json, transformed: Json) -> Json:
    """One prediction a row, joined to its key: `rows_in`, `rows_out`, `output`."""
    return settled(batch.join)(find(pipeline), plan, transformed)


@task
def resolve_traffic(pipeline: str, **context: Any) -> list[Json]:
    """Which traffic to check against which baseline: one check per endpoint."""
    return settled(drift.plan)(find(pipeline), context)


@task
def resolve_labels(pipeline: str, **context: Any) -> list[Json]:
    """Which earlier traffic has its labels by now."""
    return settled(drift.plan_quality)(find(pipeline), context)


@task(outlets=[assets.CHURN_DRIFT_ALERT])
def conclude(
    pipeline: str, checks: Any, qualities: Any, *, outlet_events: Any, **context: Any
) -> Json:
    """The outcome and what follows; only `retrain` emits the Asset that starts a retrain."""
    found = settled(signals.conclude)(find(pipeline), context, list(checks), list(qualities))
    for verdict in found["endpoints"]:
        facts = verdict["endpoint"], verdict["outcome"], verdict["columns"], verdict["why"]
        log.info("%s %s %s: %s", *facts)
    if found["action"] == "retrain":
        extra = {key: value for key, value in found.items() if key != "endpoints"}
        outlet_events[assets.CHURN_DRIFT_ALERT].add(assets.drift(pipeline), extra=extra)
    return found


@task
def bound_cost(pipeline: str, *, params: Any) -> Json:
    """What the run may cost at most; above `max_cost` it ends here."""
    found = settled(costs.bound)(find(pipeline), params)
    log.info("At most $%s: %s", found["usd_at_most"], found)
    return found


@task
def set_expiry(plan: Json, *, params: Any) -> str | None:
    """When the reaper takes the endpoint down, if ever."""
    return lifetimes.set_expiry(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def postpone_expiry(plan: Json, *, params: Any) -> str | None:
    """No reaper comes while the endpoint is being updated."""
    return lifetimes.postpone(plan["endpoint"], params["hours_to_live"], datetime.now(UTC))


@task
def confirmed(*, params: Any) -> None:
    """Nothing is deleted by a stray click."""
    settled(lifetimes.confirm)(params)


@task
def chosen_endpoints(*, params: Any) -> list[str]:
    """Which endpoints to take down; nothing is deleted by a stray click."""
    return settled(lifetimes.chosen)(params)


@task
def expired_endpoints() -> list[str]:
    """Which endpoints have outlived their time."""
    return settled(lifetimes.expired)(datetime.now(UTC))


@task
def choose_images(*, params: Any) -> Json:
    """Where the trials find their images, and which files must be sent there first."""
    return mnist.choose(params["data_uri"])


@task
def measure_images(chosen: Json) -> Json:
    """Mean and deviation of the training pixels: what every trial normalizes with."""
    return mnist.measure(chosen["uri"])


@task
def plan_trials(study: str, chosen: Json, measured: Json, **context: Any) -> list[Json]:
    """One training job for each set of hyperparameters in the form."""
    stated, params = mnist.STUDIES[study], context["params"]
    instances = len(params["trials"]) * params.get("instances", 1)
    settled(costs.within)(instances, stated.max_runtime, params["max_cost"])
    prefix = runs.run_prefix(context, study)
    return settled(studies.trials)(stated, params, chosen["uri"], measured, prefix)
