from __future__ import annotations

from typing import Any

from prodml.endpoints.tagged import tagged_endpoints

ARN = "arn:aws:sagemaker:us-east-1:000000000000:endpoint"


class Tagging:
    """Resources with a tag; each request is kept."""

    def __init__(self, *names: str) -> None:
        self.requests: list[dict[str, Any]] = []
        self._names = names

    def get_resources(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        tags = [{"Key": "team", "Value": "ml"}]
        mappings = [{"ResourceARN": f"{ARN}/{name}", "Tags": tags} for name in self._names]
        return {"ResourceTagMappingList": mappings, "PaginationToken": ""}


class Sagemaker:
    """Endpoints on two pages."""

    def __init__(self) -> None:
        self.pages = 0

    def list_endpoints(self, NextToken: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
        self.pages += 1
        names = ["Churn", "other"] if NextToken else ["wine", "digits"]
        endpoints = [{"EndpointName": name, "EndpointArn": f"{ARN}/{name}"} for name in names]
        return {"Endpoints": endpoints} | ({} if NextToken else {"NextToken": "second"})


def test_endpoints_of_all_pages_are_joined_with_their_tags() -> None:
    """The tagging API has the ARN in lower case where SageMaker keeps the name's letters."""
    tagging = Tagging("churn", "wine", "deleted")
    listed = list(tagged_endpoints(Sagemaker(), tagging, "team", "ml"))
    assert [endpoint["EndpointName"] for endpoint, _ in listed] == ["wine", "Churn"]
    assert {tags["team"] for _, tags in listed} == {"ml"}
    (request,) = tagging.requests
    assert request["ResourceTypeFilters"] == ["sagemaker:endpoint"]
    assert request["TagFilters"] == [{"Key": "team", "Values": ["ml"]}]


def test_without_a_tagged_resource_no_endpoint_is_listed() -> None:
    sagemaker, tagging = Sagemaker(), Tagging()
    assert list(tagged_endpoints(sagemaker, tagging, "team")) == []
    assert sagemaker.pages == 0
    assert tagging.requests[0]["TagFilters"] == [{"Key": "team"}]
