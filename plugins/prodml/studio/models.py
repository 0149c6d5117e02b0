"""List the models of the account: registered versions, and what serves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from math import isfinite, nan
from typing import Any, TypedDict

from prodml import decisions
from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.aws.tags import by_key
from prodml.naming import REQUEST
from prodml.studio.contracts import Models, VersionCard
from prodml.studio.served import served_versions
from prodml.studio.serving import cards
from prodml.studio.together import concurrently
from prodml.vocabulary import Json

PAGE = 100  # the most results of a Search
PAGES = 3  # of each listing, the newest versions first
PINNED = "prodml:pinned-version"
SCORE = "metric:holdout_"


class Decided(TypedDict):
    """The members of a version's card about its approval."""

    by: str
    decided: str | None


def models(reader: Clients) -> Models:
    """Return every model that ProdML registered, by name."""
    with concurrently() as reads:
        groups = reads.start(lambda: searched(reader, "ModelPackageGroup"))
        listed = reads.start(lambda: searched(reader, "Endpoint"))
        configs = reads.start(lambda: served_versions(reader))
        packages, truncated = newest_versions(reader)
        endpoints = {endpoint["EndpointName"]: endpoint for endpoint in listed.result()}
        serving = cards(reader, packages, endpoints, configs.result())
        pins = {group["ModelPackageGroupName"]: _pinned(group) for group in groups.result()}
    return {
        "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "truncated": truncated,
        "models": [
            {
                "name": name,
                "pinned": pins.get(name),
                "versions": [version_card(package) for package in packages[name]],
                "endpoint": serving.get(name),
            }
            for name in sorted(packages)
        ],
    }


def newest_versions(reader: Clients) -> tuple[dict[str, list[Json]], bool]:
    """Return the newest versions by model, and whether there are more."""
    by_model: dict[str, list[Json]] = defaultdict(list)
    newest = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    more = False
    for page in _search(reader, "ModelPackage", **newest):
        more = "NextToken" in page
        for package in (result["ModelPackage"] for result in page["Results"]):
            if REQUEST in package.get("CustomerMetadataProperties", {}):
                by_model[package["ModelPackageGroupName"]].append(package)
    return by_model, more


def searched(reader: Clients, kind: str) -> list[Json]:
    """Return the account's resources of a *kind* that Search knows."""
    results = _search(reader, kind)
    return [result[kind] for page in results for result in page["Results"]]


def _search(reader: Clients, kind: str, **order: Any) -> Iterator[Json]:
    """Yield the first pages of a Search."""
    listed = pages(reader.client("sagemaker").search, Resource=kind, MaxResults=PAGE, **order)
    return islice(listed, PAGES)


def _pinned(group: Json) -> int | None:
    pin = by_key(group.get("Tags", [])).get(PINNED, "")
    return int(pin) if pin.isdecimal() else None


def version_card(package: Json) -> VersionCard:
    """Return a described version with its scores."""
    facts: Mapping[str, str] = package.get("CustomerMetadataProperties", {})
    rows = facts.get("training_rows", "")
    return {
        "version": package["ModelPackageVersion"],
        "created": package["CreationTime"].isoformat(),
        "approval": package["ModelApprovalStatus"],
        "reason": package.get("ApprovalDescription", ""),
        **_decision(package),
        "scores": dict(_scores(facts)),
        "judged_by": facts.get("judged_by"),
        "window_start": facts.get("window_start"),
        "window_end": facts.get("window_end"),
        "rows": int(rows) if rows.isdecimal() else None,
        "trial": facts.get("trial"),
        "dag": facts.get("made_by_dag"),
        "run": facts.get("made_by_run"),
        "leaderboard": facts.get("leaderboard"),
    }


def _decision(package: Json) -> Decided:
    """Return who decided by the version's metadata, or else who changed its status in SageMaker."""
    facts: Mapping[str, str] = package.get("CustomerMetadataProperties", {})
    if facts.get(decisions.STATUS) == package["ModelApprovalStatus"]:
        return {"by": facts.get(decisions.BY, ""), "decided": facts.get(decisions.AT)}
    modified = package.get("LastModifiedBy", {})
    identity = modified.get("IamIdentity", {}).get("Arn", "").rpartition("/")[2]
    return {"by": modified.get("UserProfileName") or identity, "decided": None}


def _scores(facts: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for name, value in facts.items():
        if name.startswith(SCORE) and isfinite(score := _number(value)):
            yield name.removeprefix(SCORE), score


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan
