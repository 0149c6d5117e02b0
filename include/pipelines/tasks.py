"""The churn DAGs' own tasks: each hands its context to one function of this package."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowFailException

from include.assets import CHURN_DRIFT, CHURN_DRIFT_ALERT, CHURN_MODEL
from include.pipelines import batch, churn, drift, judging
from include.pipelines.outcomes import settled

Json = dict[str, Any]
log = logging.getLogger(__name__)


@task
def resolve_window(**context: Any) -> Json:
    """Which slices to train on; bad rows in them end the run here."""
    return settled(churn.resolve_window)(context)


@task
def contenders(best: Json, window: Json) -> list[Json]:
    """What is scored on the holdout: the best trial, and the model in production if any."""
    return judging.contenders(best, window["prefix"])


@task
def judge(best: Json, scored: Any, window: Json, *, params: Any) -> Json:
    """Approved or Rejected, with both AUCs and the reason."""
    verdict = settled(judging.judge)(best, list(scored), window, params["min_gain"])
    log.info("%s", verdict["decision"])
    return verdict


@task.short_circuit
def approved(verdict: Json) -> bool:
    """A rejected model ends the run here, successfully."""
    log.info("%s", verdict["decision"])
    return bool(verdict["approval"] == "Approved")


@task(outlets=[CHURN_MODEL])
def announce(verdict: Json, registered: Json, deployed: Json, *, outlet_events: Any) -> Json:
    """Tell other DAGs which model serves now, with its window and its baseline."""
    event = judging.model_event(verdict, registered, deployed)
    outlet_events[CHURN_MODEL].extra = event
    return event


@task
def resolve_file(**context: Any) -> Json:
    """Which file to score, and the model that scores it."""
    return settled(batch.plan)(context)


@task
def join_predictions(plan: Json, transformed: Json) -> Json:
    """One prediction a row, joined to its key: `rows_in`, `rows_out`, `output`."""
    return settled(batch.join)(plan, transformed)


@task
def resolve_traffic(**context: Any) -> Json:
    """Which traffic to check against which baseline."""
    return settled(drift.plan)(context)


@task(outlets=[CHURN_DRIFT_ALERT])
def conclude(plan: Json, checked: Json, *, outlet_events: Any, **context: Any) -> Json:
    """The outcome and what follows; only `retrain` emits the Asset that starts a retrain."""
    verdict = settled(drift.conclude)(context, plan, checked)
    log.info("%s %s: %s", verdict["outcome"], verdict["columns"], verdict["why"])
    if verdict["action"] == "retrain":
        outlet_events[CHURN_DRIFT_ALERT].add(CHURN_DRIFT, extra=verdict)
    return verdict


@task
def confirmed(*, params: Any) -> None:
    """Nothing is deleted by a stray click."""
    if not params["confirm"]:
        raise AirflowFailException("Nothing was deleted. Trigger again and tick `confirm`.")
