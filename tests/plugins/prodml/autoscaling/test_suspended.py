"""Keep on the endpoint what an update had to take off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prodml.autoscaling.registrations import scaled_variant, targets
from prodml.autoscaling.suspended import NOTE, Note, noted, put_back, read, take_off
from prodml.aws.client import Aws
from prodml.vocabulary import Json

from tests.include.local_aws.models import Platform, variant

ALL = ["AllTraffic"]


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.fixture(scope="module")
def served(platform: Platform) -> Iterator[Json]:
    name = platform.serving(variant(platform.model()))
    yield platform.sagemaker.describe_endpoint(EndpointName=name)
    platform.sagemaker.delete_endpoint(EndpointName=name)


@pytest.fixture
def endpoint(aws: Aws, served: Json) -> Iterator[Json]:
    """A described endpoint in service whose one variant is registered, without a note."""
    _register(aws, served["EndpointName"], 3)
    yield served
    put_back(aws, served, ())


def _register(aws: Aws, endpoint: str, most: int) -> None:
    place = scaled_variant(endpoint, "AllTraffic")
    client = aws.client("application-autoscaling")
    client.register_scalable_target(**place, MinCapacity=1, MaxCapacity=most)


def _most(aws: Aws, endpoint: Json) -> list[int]:
    return [target["MaxCapacity"] for target in targets(aws, endpoint["EndpointName"])]


def test_what_was_taken_off_is_noted_until_it_is_on_again(aws: Aws, endpoint: Json) -> None:
    take_off(aws, endpoint, ALL)
    assert _most(aws, endpoint) == []
    note = read(aws, endpoint)
    assert note
    assert timedelta(0) <= datetime.now(UTC) - note.since < timedelta(minutes=5)
    assert put_back(aws, endpoint, ALL) is True
    assert _most(aws, endpoint) == [3]
    assert read(aws, endpoint) is None
    assert put_back(aws, endpoint, ALL) is False


@pytest.mark.parametrize("status", ["Updating", "Failed"])
def test_the_note_stays_while_nothing_can_be_registered(
    status: str, aws: Aws, endpoint: Json
) -> None:
    take_off(aws, endpoint, ALL)
    assert put_back(aws, endpoint | {"EndpointStatus": status}, ALL) is False
    assert read(aws, endpoint)
    assert _most(aws, endpoint) == []


def test_the_newest_bounds_come_back_after_two_updates(aws: Aws, endpoint: Json) -> None:
    take_off(aws, endpoint, ALL)
    _register(aws, endpoint["EndpointName"], 5)
    take_off(aws, endpoint, ALL)
    put_back(aws, endpoint, ALL)
    assert _most(aws, endpoint) == [5]


def test_nothing_is_noted_of_a_variant_that_does_not_scale(aws: Aws, endpoint: Json) -> None:
    take_off(aws, endpoint, ["Challenger"])
    assert read(aws, endpoint) is None
    assert noted(aws, endpoint["EndpointName"], ["Challenger"]) == {}


def test_a_shorter_note_is_read_past_the_end_of_a_longer_one(aws: Aws, endpoint: Json) -> None:
    name = endpoint["EndpointName"]
    place = scaled_variant(name, "AllTraffic")
    client = aws.client("application-autoscaling")
    for hour in range(12):
        client.put_scheduled_action(
            **place,
            ScheduledActionName=f"{hash((name, hour)):x}",
            Schedule=f"cron({hour} {hour} * * ? *)",
            ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 1 + hour},
        )
    long = noted(aws, name, ALL)
    client.deregister_scalable_target(**place)
    _register(aws, name, 3)
    short = noted(aws, name, ALL)
    assert len(short) < len(long)
    assert max(map(len, long.values())) <= 256  # characters that a tag's value may have
    note, alone = Note.of(long | short), Note.of(short)
    assert note
    assert alone
    assert note.targets == alone.targets
    assert note.keys == sorted(long)


def test_other_tags_are_no_note() -> None:
    assert Note.of({"prodml:run": "manual", "team": "churn"}) is None
    assert NOTE.startswith("prodml:")
