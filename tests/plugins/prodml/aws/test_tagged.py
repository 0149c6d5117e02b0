"""Resources with a tag, of all pages, by ARN in lower case."""

from __future__ import annotations

from typing import Any

from prodml.aws.tagged import tagged

from tests.plugins.answers import Answers

ARN = "arn:aws:sagemaker:us-east-1:000000000000:endpoint-config/Churn-"


def _page(PaginationToken: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
    number = int(PaginationToken or 1)
    mapping = {"ResourceARN": f"{ARN}{number}", "Tags": [{"Key": "team", "Value": f"t{number}"}]}
    return {"ResourceTagMappingList": [mapping], "PaginationToken": "2" if number == 1 else ""}


def test_the_tags_of_all_pages_are_returned_by_arn() -> None:
    aws = Answers(get_resources=_page)
    assert tagged(aws, "sagemaker:endpoint-config", "team") == {
        f"{ARN}1".lower(): {"team": "t1"},
        f"{ARN}2".lower(): {"team": "t2"},
    }
    first, second = (request for _, request in aws.calls)
    assert first == {
        "ResourceTypeFilters": ["sagemaker:endpoint-config"],
        "TagFilters": [{"Key": "team"}],
    }
    assert second == first | {"PaginationToken": "2"}


def test_a_value_is_asked_for_if_one_is_given_even_an_empty_one() -> None:
    aws = Answers(get_resources={"ResourceTagMappingList": []})
    for value in ("a", ""):
        assert tagged(aws, "sagemaker:endpoint", "team", value) == {}
    filters = [request["TagFilters"] for _, request in aws.calls]
    assert filters == [[{"Key": "team", "Values": [value]}] for value in ("a", "")]
