"""Model cards: documents about models, with an immutable version for each update."""

from __future__ import annotations

import json

from ...core.account import Aws
from ...core.registry import WITHOUT_PROFILE, Resource, operation
from ...core.store import Doc
from ...wire import paging
from ...wire.errors import AwsError, not_found, validation

CARD = Resource(
    noun="ModelCard",
    kind="model-card",
    summaries="ModelCardSummaries",
    taken=lambda name, arn: AwsError("ConflictException", f"Modelcard {name} already exists"),
    unknown=lambda name, arn: not_found(f"Modelcard {name} does not exist."),
    equal=("ModelCardStatus",),
)
CARD.register("List")
VERSION = "model-card-version"  # kind of a version, by the card's name and its number


@operation("sagemaker", "CreateModelCard")
def create_model_card(aws: Aws, request: Doc) -> Doc:
    _check(request["Content"])
    card = CARD.create(aws, request, ModelCardVersion=1, **WITHOUT_PROFILE)
    aws.store.insert(VERSION, _key(card), card)
    return card


@operation("sagemaker", "DescribeModelCard")
def describe_model_card(aws: Aws, request: Doc) -> Doc:
    """Return the newest version, or the one that is asked for."""
    card = CARD.get(aws, request["ModelCardName"])
    number = request.get("ModelCardVersion", card["ModelCardVersion"])
    version = aws.store.get(VERSION, _key(card | {"ModelCardVersion": number}))
    if version is None:
        raise not_found(
            f"Modelcard with name {card['ModelCardName']} and version: {number} does not exist"
        )
    hidden = request.get("IncludedData") == "MetadataOnly"
    return version | {"Content": ""} if hidden else version


@operation("sagemaker", "UpdateModelCard")
def update_model_card(aws: Aws, request: Doc) -> Doc:
    """Add a version with other content or another status."""
    card = CARD.get(aws, request["ModelCardName"])
    changes: Doc = {k: request[k] for k in ("Content", "ModelCardStatus") if k in request}
    if len(changes) != 1:
        raise validation(
            "You cannot update both model card content and model card status in a single call. "
            "Give one of Content and ModelCardStatus."
        )
    _check(changes.get("Content", "{}"))
    changes |= {
        "ModelCardVersion": card["ModelCardVersion"] + 1,
        "LastModifiedTime": aws.clock.now(),
    }
    card = aws.store.update(CARD.kind, card["ModelCardName"], **changes)
    aws.store.insert(VERSION, _key(card), card)
    return card


@operation("sagemaker", "DeleteModelCard")
def delete_model_card(aws: Aws, request: Doc) -> Doc:
    card = CARD.delete(aws, request["ModelCardName"])
    for version in _versions(aws, card):
        aws.store.delete(VERSION, _key(version))
    return {}


@operation("sagemaker", "ListModelCardVersions")
def list_model_card_versions(aws: Aws, request: Doc) -> Doc:
    card = CARD.get(aws, request["ModelCardName"])
    wanted = {name: value for name, value in request.items() if name != "ModelCardName"}
    versions = paging.filtered(
        _versions(aws, card), wanted, "ModelCardName", None, ("ModelCardStatus",)
    )
    order = {"SortBy": "ModelCardVersion", "SortOrder": request.get("SortOrder", "Ascending")}
    summaries, token = paging.page(paging.ordered(versions, order, {}), request)
    return {"ModelCardVersionSummaryList": summaries, "NextToken": token}


def _versions(aws: Aws, card: Doc) -> list[Doc]:
    """Return all versions of a card, the oldest first."""
    numbers = range(1, card["ModelCardVersion"] + 1)
    keys = (_key(card | {"ModelCardVersion": number}) for number in numbers)
    return [version for key in keys if (version := aws.store.get(VERSION, key))]


def _key(version: Doc) -> str:
    return f"{version['ModelCardName']}/{version['ModelCardVersion']}"


def _check(content: str) -> None:
    """Refuse content that is not an object of JSON; AWS's schema of its members is not checked."""
    try:
        valid = isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        valid = False
    if not valid:
        raise validation(
            "Content is not a JSON object. Give the model card as a string in AWS's JSON schema."
        )
