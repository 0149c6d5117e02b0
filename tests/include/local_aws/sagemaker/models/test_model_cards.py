"""Model cards and their versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
FIRST = json.dumps({"model_overview": {"model_description": "first"}})
SECOND = json.dumps({"model_overview": {"model_description": "second"}})


@pytest.fixture(name="card")
def _card(sagemaker: Any, unique: Unique) -> str:
    name = unique("card")
    sagemaker.create_model_card(ModelCardName=name, ModelCardStatus="Draft", Content=FIRST)
    return name


def test_each_update_is_a_version(sagemaker: Any, card: str) -> None:
    sagemaker.update_model_card(ModelCardName=card, Content=SECOND)
    sagemaker.update_model_card(ModelCardName=card, ModelCardStatus="Approved")
    listed = sagemaker.list_model_card_versions(ModelCardName=card)["ModelCardVersionSummaryList"]
    assert [version["ModelCardVersion"] for version in listed] == [1, 2, 3]
    assert [version["ModelCardStatus"] for version in listed] == ["Draft", "Draft", "Approved"]
    newest = sagemaker.describe_model_card(ModelCardName=card)
    assert (newest["Content"], newest["ModelCardStatus"]) == (SECOND, "Approved")
    assert newest["CreatedBy"] == {}
    first = sagemaker.describe_model_card(ModelCardName=card, ModelCardVersion=1)
    assert (first["Content"], first["ModelCardStatus"]) == (FIRST, "Draft")


def test_cards_are_listed_by_name_and_status(sagemaker: Any, card: str) -> None:
    def listed(status: str) -> list[str]:
        answer = sagemaker.list_model_cards(NameContains=card, ModelCardStatus=status)
        return [summary["ModelCardName"] for summary in answer["ModelCardSummaries"]]

    assert listed("Draft") == [card]
    assert listed("Approved") == []


def test_a_deleted_card_has_no_versions(sagemaker: Any, card: str) -> None:
    sagemaker.update_model_card(ModelCardName=card, Content=SECOND)
    sagemaker.delete_model_card(ModelCardName=card)
    code, message = refusal(sagemaker.describe_model_card, ModelCardName=card)
    assert (code, message) == ("ResourceNotFound", f"Modelcard {card} does not exist.")
    sagemaker.create_model_card(ModelCardName=card, ModelCardStatus="Draft", Content=FIRST)
    code, _ = refusal(sagemaker.describe_model_card, ModelCardName=card, ModelCardVersion=2)
    assert code == "ResourceNotFound"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Content": SECOND, "ModelCardStatus": "Draft"}, "ValidationException", "a single call"),
        ({"Content": "text"}, "ValidationException", "not a JSON object"),
        ({"Content": "[" * 99_999}, "ValidationException", "not a JSON object"),
    ],
)
def test_an_invalid_update_is_refused(
    sagemaker: Any, card: str, change: dict[str, str], code: str, message: str
) -> None:
    refused, text = refusal(sagemaker.update_model_card, ModelCardName=card, **change)
    assert refused == code
    assert message in text


def test_a_name_is_taken_once(sagemaker: Any, card: str) -> None:
    code, _ = refusal(
        sagemaker.create_model_card, ModelCardName=card, ModelCardStatus="Draft", Content=FIRST
    )
    assert code == "ConflictException"
