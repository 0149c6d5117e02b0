from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.wire import paging
from include.local_aws.wire.errors import AwsError

DOCS: list[dict[str, Any]] = [
    {"ModelName": f"m{n}", "CreationTime": float(n), "Status": "A" if n % 2 else "B"}
    for n in range(5)
]


def names(docs: list[dict[str, Any]]) -> list[str]:
    return [doc["ModelName"] for doc in docs]


def filtered(**request: Any) -> list[str]:
    return names(paging.filtered(DOCS, request, "ModelName", "Status"))


def test_filters_apply_together() -> None:
    assert filtered(StatusEquals="A", CreationTimeAfter=1.0) == ["m3"]
    assert filtered(NameContains="M2") == ["m2"]
    assert filtered(CreationTimeBefore=1.0) == ["m0"]


def test_newest_comes_first_by_default() -> None:
    keys = {"Name": "ModelName"}
    assert names(paging.ordered(DOCS, {}, keys))[0] == "m4"
    asked = {"SortBy": "Name", "SortOrder": "Ascending"}
    assert names(paging.ordered(DOCS, asked, keys))[0] == "m0"


def test_pages_cover_everything_once() -> None:
    seen, token = [], None
    while True:
        docs, token = paging.page(DOCS, {"MaxResults": 2, "NextToken": token})
        seen.append(names(docs))
        if token is None:
            break
    assert seen == [["m0", "m1"], ["m2", "m3"], ["m4"]]


def test_full_last_page_has_no_token() -> None:
    assert paging.page(DOCS, {"MaxResults": 5})[1] is None


@pytest.mark.parametrize("token", ["nonsense", "%%%", "b2Zmc2V0OmFiYw=="])
def test_foreign_token_is_refused(token: str) -> None:
    with pytest.raises(AwsError, match="Invalid NextToken") as caught:
        paging.page(DOCS, {"NextToken": token})
    assert caught.value.code == "ValidationException"
