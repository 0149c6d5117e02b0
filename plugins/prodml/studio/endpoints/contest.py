"""Read an A/B or shadow test: both models' requests and metrics, and the verdict so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.comparison.contest import Contest
from prodml.comparison.decision import (
    HOURS,
    MAX_ERROR_PERCENT,
    MIN_REQUESTS,
    UNITS,
    Rule,
    too_few,
)
from prodml.comparison.variant_metrics import ERRORS, LATENCY, Record
from prodml.studio.moments import iso
from prodml.vocabulary import Json

KEPT = 300.0  # seconds: a verdict costs six calls, and changes slowly
CHALLENGER, INCUMBENT, OPEN = "challenger", "incumbent", ""


class Judgement(TypedDict):
    """A comparison of both models by one metric; *winner* is empty while the test continues."""

    metric: str
    unit: str
    incumbent: float | None
    challenger: float | None
    winner: str
    decision: str


class Contender(TypedDict):
    """One of the two models, and its requests since the test began."""

    variant: str
    model: str
    requests: int
    failed: int


class RunningTest(TypedDict):
    """A test as promote_winner would end it now, with the defaults of its form."""

    shadow: bool
    config: str
    began: str | None
    read_at: str | None
    hours: float
    least_hours: float
    incumbent: Contender
    challenger: Contender
    judgements: list[Judgement]


def running_test(aws: Clients, endpoint: str, now: datetime) -> RunningTest | None:
    """Return the test on *endpoint*, or None.

    :param now: The present time; equal times make equal requests, which are cached.
    """
    sagemaker = aws.client("sagemaker")
    described = visible(sagemaker.describe_endpoint, EndpointName=endpoint) or {}
    if not (name := described.get("EndpointConfigName")):
        return None
    config = visible(sagemaker.describe_endpoint_config, EndpointConfigName=name)
    if not config or not (contest := Contest.of(config)):
        return None
    return _test(aws, endpoint, contest, config["CreationTime"], now)


def rounded(now: datetime) -> datetime:
    """Return the time up to which the page's requests read at *now*."""
    return datetime.fromtimestamp(now.timestamp() // KEPT * KEPT, UTC)


def _test(
    aws: Clients, endpoint: str, contest: Contest, began: datetime, now: datetime
) -> RunningTest:
    variants = (contest.incumbent, contest.challenger)
    names = [variant["VariantName"] for variant in variants]
    cloudwatch, config = aws.client("cloudwatch"), contest.config
    records = {
        metric: [
            Record.of(cloudwatch, endpoint, config, name, metric, began, max(now, began))
            for name in names
        ]
        for metric in (ERRORS, LATENCY)
    }
    contenders = [_contender(*pair) for pair in zip(variants, records[ERRORS], strict=True)]
    lasted = max(now - began, timedelta())
    return {
        "shadow": contest.shadow,
        "config": config,
        "began": iso(began),
        "read_at": iso(now),
        "hours": round(lasted.total_seconds() / 3600, 2),
        "least_hours": HOURS,
        "incumbent": contenders[0],
        "challenger": contenders[1],
        "judgements": [_judgement(metric, *pair) for metric, pair in records.items()],
    }


def _contender(variant: Json, record: Record) -> Contender:
    return {
        "variant": variant["VariantName"],
        "model": variant.get("ModelName", ""),
        "requests": record.requests,
        "failed": record.failed,
    }


def _judgement(metric: str, incumbent: Record, challenger: Record) -> Judgement:
    winner, decision = _decided(Rule.of(metric), incumbent, challenger)
    return {
        "metric": metric,
        "unit": UNITS[metric].strip(),
        "incumbent": incumbent.mean,
        "challenger": challenger.mean,
        "winner": winner,
        "decision": decision,
    }


def _decided(rule: Rule, incumbent: Record, challenger: Record) -> tuple[str, str]:
    """Return who wins by *rule* if the test ended now, and why."""
    enough = challenger.requests >= MIN_REQUESTS
    if enough and (why := rule.harm(incumbent, challenger, MAX_ERROR_PERCENT)):
        return INCUMBENT, why
    if why := too_few(incumbent, challenger, MIN_REQUESTS):
        return OPEN, why
    wins, why = rule.decide(incumbent, challenger)
    return (OPEN if wins is None else CHALLENGER if wins else INCUMBENT), why
