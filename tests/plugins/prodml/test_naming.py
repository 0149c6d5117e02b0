"""A name can be read, fits, and is the same exactly for the same question."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from prodml.aws.tags import by_key
from prodml.naming import (
    Identity,
    content_name,
    deployment_stem,
    identity_of,
    job_name,
    owner_key,
    request_hash,
)

IDENTITY = Identity("local", "retrain_churn", "scheduled__2024-03-04T00:00:00+00:00", "train", 2)
NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


def test_a_name_shows_pipeline_run_and_task() -> None:
    name = job_name(IDENTITY, "abc")
    assert re.fullmatch(r"local-retrain-churn-s20240304t000000-train-2-abc-[0-9a-f]{6}", name)


def test_a_deployment_is_never_shortened() -> None:
    """Policies allow what begins with it, and sweeps list by it."""
    task = Identity("Production-eu-10", "retrain_customer_churn", "r" * 40, "score_holdout", 3)
    assert deployment_stem(task.deployment) == "production-eu-10-"
    assert job_name(task, request_hash({}), 99).startswith("production-eu-10-retr")


def test_manual_runs_of_one_minute_have_different_names() -> None:
    """Not only by the digest, which is unreadable: the seconds stay, and other words are cut."""
    task = Identity("production", "retrain_customer_churn", "", "score_holdout", 3)
    runs = [f"manual__2024-05-06T12:34:{second}.123456+00:00_aB3" for second in (17, 48)]
    first, second = (job_name(replace(task, run=run), "abc") for run in runs)
    assert "-m20240506t123417-" in first
    assert "-m20240506t123448-" in second


@pytest.mark.parametrize(
    ("identity", "seen"),
    [
        (Identity("local", "tune_churn", "manual__2024-05-06T12:34:17+00:00", "tune"), "tune-417-"),
        (Identity("production-eu", "retrain_customer_churn", "r", "search"), "retra-r-searc-"),
        (Identity("local", "nightly", "run-1", "models.tune", 12), "nig-1-tun-12-"),
    ],
)
def test_the_32_characters_of_a_tuning_job_can_be_read(identity: Identity, seen: str) -> None:
    for attempt in (1, 99):
        name = job_name(identity, request_hash({}), attempt, limit=32)
        assert len(name) <= 32
        assert name.startswith(seen)
        assert owner_key(name) == identity.key


@pytest.mark.parametrize(
    "identity",
    [
        IDENTITY,
        replace(IDENTITY, dag="a_pipeline_with_a_name_that_never_seems_to_come_to_an_end"),
        replace(IDENTITY, run="manual, by Ann: with every odd character/é"),
        Identity("d" * 80, "g" * 80, "r" * 80, "t" * 80, 99999),
    ],
)
def test_every_attempt_fits_what_sagemaker_takes(identity: Identity) -> None:
    for attempt in (1, 2, 99):
        assert NAME.fullmatch(job_name(identity, request_hash({}), attempt))


@pytest.mark.parametrize(
    "other",
    [
        replace(IDENTITY, deployment="staging"),
        replace(IDENTITY, run="scheduled__2024-03-04T00:00:00.5+00:00"),
        replace(IDENTITY, task="train_"),
        replace(IDENTITY, map_index=3),
    ],
)
def test_another_task_has_another_name(other: Identity) -> None:
    assert job_name(other, "abc") != job_name(IDENTITY, "abc")


def test_another_request_has_another_name() -> None:
    assert job_name(IDENTITY, "abc") != job_name(IDENTITY, "abd")


def test_the_order_of_keys_does_not_matter() -> None:
    assert request_hash({"a": 1, "b": [2]}) == request_hash({"b": [2], "a": 1})


def test_attempts_are_numbered_from_the_second_on() -> None:
    assert job_name(IDENTITY, "abc", 2) == f"{job_name(IDENTITY, 'abc')}-2"


def test_content_alone_names_a_model() -> None:
    assert content_name("churn", {"a": 1}) == content_name("churn", {"a": 1})
    assert content_name("churn", {"a": 1}) != content_name("churn", {"a": 2})
    assert content_name("churn", {"a": 1}) == content_name(
        "churn", {"a": 1, "Tags": [{"Key": "b"}]}
    )


def test_tags_have_the_owner() -> None:
    tags = {tag["Key"]: tag["Value"] for tag in IDENTITY.tags(3, "abc")}
    assert tags["prodml:task"] == "train"
    assert tags["prodml:map-index"] == "2"
    assert tags["prodml:try"] == "3"
    assert tags["prodml:request-hash"] == "abc"


@pytest.mark.parametrize(
    "run", ["backfill~2", "by a person @ home, 50 %", "é" * 250, "~" * 250, "a%7Eb@7E", "", "x-2"]
)
def test_the_tags_have_the_owner_with_any_name(run: str) -> None:
    owner = replace(IDENTITY, run=run, task="group.task~1")
    tags = owner.tags(1, "abc")
    assert identity_of(by_key(tags)) == owner
    for tag in tags:
        assert re.fullmatch(r"[\w .:/=+@-]{1,128}", tag["Key"])
        assert re.fullmatch(r"[\w .:/=+@-]{0,256}", tag["Value"])


def test_common_names_are_not_escaped() -> None:
    tags = {tag["Key"]: tag["Value"] for tag in IDENTITY.tags(3, "abc")}
    assert tags["prodml:run"] == IDENTITY.run


def test_foreign_tags_have_no_owner() -> None:
    assert identity_of({"team": "ml"}) is None
    own = {tag["Key"]: tag["Value"] for tag in IDENTITY.tags(1, "abc")}
    assert identity_of(own) == IDENTITY
    assert identity_of(own | {"prodml:map-index": "second"}) is None
