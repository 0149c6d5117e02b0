"""Keep the way back on the endpoint until an update is proved."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.endpoints.rollback_note import NOTE, forget, note, replaced_by
from prodml.vocabulary import Json


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.fixture
def endpoint(sagemaker: Any, unique: str) -> Json:
    """An endpoint as it is described; its tags are those of a resource that is made faster."""
    made = sagemaker.create_experiment(ExperimentName=unique)
    return {"EndpointConfigName": "first", "EndpointArn": made["ExperimentArn"]}


def test_an_update_can_go_back_until_it_is_proved(aws: Aws, endpoint: Json) -> None:
    note(aws, endpoint, "second")
    assert replaced_by(aws, endpoint, "second") == "first"
    forget(aws, endpoint)
    assert replaced_by(aws, endpoint, "second") is None


def test_what_was_never_proved_is_no_way_back(aws: Aws, endpoint: Json) -> None:
    note(aws, endpoint, "second")
    note(aws, endpoint | {"EndpointConfigName": "second"}, "third")
    assert replaced_by(aws, endpoint, "third") == "first"


def test_a_note_says_nothing_about_another_configuration(aws: Aws, endpoint: Json) -> None:
    note(aws, endpoint, "second")
    assert replaced_by(aws, endpoint, "another") is None


def test_the_same_configuration_again_is_no_way_back(
    aws: Aws, endpoint: Json, sagemaker: Any
) -> None:
    note(aws, endpoint, "first")
    tags = sagemaker.list_tags(ResourceArn=endpoint["EndpointArn"])["Tags"]
    assert tags == [{"Key": NOTE, "Value": "first first"}]
    assert replaced_by(aws, endpoint, "first") is None


def test_a_note_that_is_not_there_is_forgotten_too(aws: Aws, endpoint: Json) -> None:
    forget(aws, endpoint)
    assert replaced_by(aws, endpoint, "first") is None
