"""The documents of APIs: their parts by identifier, their pages and their tags."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway import apis
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.apigateway.in_process import new_api, new_method

ITEMS: list[Doc] = [{"id": str(number)} for number in range(60)]


def ids(page: Doc) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_pages_follow_each_other_until_the_last_has_no_position() -> None:
    first = apis.page(ITEMS, {})
    second = apis.page(ITEMS, {"position": first["position"], "limit": 30})
    third = apis.page(ITEMS, {"position": second["position"]})
    assert [len(page["items"]) for page in (first, second, third)] == [25, 30, 5]
    assert ids(first) + ids(second) + ids(third) == [item["id"] for item in ITEMS]
    assert third["position"] is None


@pytest.mark.parametrize("limit", [-1, 501])
def test_page_of_an_impossible_size_is_refused(limit: int) -> None:
    with pytest.raises(AwsError, match=f"limit is {limit}. Give 1 to 500"):
        apis.page(ITEMS, {"limit": limit})


@pytest.mark.parametrize("position", ["-1", "one", "9" * 10, "²"])
def test_position_of_no_response_is_refused(position: str) -> None:
    with pytest.raises(AwsError, match="Use that of the previous response"):
        apis.page(ITEMS, {"position": position})


def test_parts_that_an_api_does_not_have_are_named(account: Aws) -> None:
    place = new_method(account)
    api = apis.rest_api(account, place)
    assert apis.method_of(api, place)["httpMethod"] == "GET"
    with pytest.raises(AwsError, match="Invalid API identifier specified 000000000000:none"):
        apis.rest_api(account, {"restApiId": "none"})
    with pytest.raises(AwsError, match="Invalid Resource identifier"):
        apis.resource_of(api, {"resourceId": "none"})
    with pytest.raises(AwsError, match="Invalid Method identifier"):
        apis.method_of(api, place | {"httpMethod": "PUT"})
    with pytest.raises(AwsError, match="Invalid Model Name specified") as refused:
        apis.member_of(api["models"], "none", "Model Name")
    assert (refused.value.code, refused.value.status) == ("NotFoundException", 404)


def test_changed_api_is_stored(account: Aws) -> None:
    place = new_api(account)
    api = apis.rest_api(account, place)
    apis.save(account, api | {"name": "renamed"})
    assert apis.rest_api(account, place)["name"] == "renamed"


def test_tags_belong_to_a_path(account: Aws) -> None:
    apis.put_tags(account, "/apikeys/a", {"owner": "team"})
    apis.put_tags(account, "/apikeys/b", None)
    assert apis.arn(account, "/apikeys/a") == "arn:aws:apigateway:us-east-1::/apikeys/a"
    assert apis.tags(account, "/apikeys/a") == {"owner": "team"}
    assert apis.tags(account, "/apikeys/b") == {}


def test_missing_document_raises_the_given_error(account: Aws) -> None:
    error = AwsError("NotFoundException", "gone", 404)
    for act in (apis.get, apis.delete):
        with pytest.raises(AwsError, match="gone"):
            act(account, "api-key", "none", error)


def test_identifiers_are_lower_case_letters_and_digits() -> None:
    identifier = apis.new_id(200)
    assert len(identifier) == 200
    assert set(identifier) <= set(apis.ALPHABET)
    assert identifier != apis.new_id(200)
