"""The versions that configurations were made for, by their tags."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.naming import REQUEST
from prodml.studio.served import served_versions, version_number

from tests.plugins.answers import Answers

ARN = "arn:aws:sagemaker:us-east-1:000000000000:"


@pytest.mark.parametrize(
    ("request_", "number"),
    [
        (f"{ARN}model-package/churn/12", 12),
        (f"{ARN}model-package/churn", None),
        ("0" * 64, None),
        ("", None),
    ],
)
def test_the_number_of_a_version_is_read_from_its_arn(request_: str, number: int | None) -> None:
    assert version_number({REQUEST: request_}) == number


def test_a_configuration_without_the_tag_has_no_version() -> None:
    assert version_number({}) is None


def test_configurations_of_versions_are_returned_by_name() -> None:
    def mapping(name: str, request: str) -> dict[str, Any]:
        tags = [{"Key": REQUEST, "Value": request}]
        return {"ResourceARN": f"{ARN}endpoint-config/{name}", "Tags": tags}

    mappings = [mapping("Churn-1", f"{ARN}model-package/churn/1"), mapping("other", "f" * 64)]
    aws: Any = Answers(get_resources={"ResourceTagMappingList": mappings})
    assert served_versions(aws) == {"churn-1": 1}
    ((_, request),) = aws.calls
    assert request["ResourceTypeFilters"] == ["sagemaker:endpoint-config"]
