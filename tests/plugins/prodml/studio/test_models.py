"""Models with their versions and endpoints, in a number of calls that does not grow with them."""

from __future__ import annotations

import pytest
from prodml.aws.client import Aws
from prodml.studio.costs.month import month_to_date
from prodml.studio.drift_states import drift_states
from prodml.studio.models import models
from prodml.studio.reader import Reader

from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account

SCORES = {0.8997: "Approved", 0.8695: "Rejected", 0.9386: "PendingManualApproval"}


@pytest.fixture(scope="module")
def churn(platform: Platform) -> str:
    """A model with three versions, the first of which serves."""
    name = platform.unique("churn")
    packages = account.register(platform, name, SCORES)
    account.serve(platform, name, packages[0])
    return name


def test_a_model_has_its_versions_and_the_one_that_serves(churn: str, platform: Platform) -> None:
    tags = [{"Key": "prodml:pinned-version", "Value": "1"}]
    group = platform.sagemaker.describe_model_package_group(ModelPackageGroupName=churn)
    platform.sagemaker.add_tags(ResourceArn=group["ModelPackageGroupArn"], Tags=tags)
    card = next(card for card in models(Reader(Aws()))["models"] if card["name"] == churn)
    assert card["pinned"] == 1
    assert [version["version"] for version in card["versions"]] == [3, 2, 1]
    assert [version["approval"] for version in card["versions"]] == [*SCORES.values()][::-1]
    newest = card["versions"][0]
    assert newest["scores"] == {"auc": 0.9386, "accuracy": pytest.approx(0.8386)}
    assert (newest["judged_by"], newest["rows"]) == ("auc", 2666)
    assert [version["by"] for version in card["versions"]] == ["", "ada", "ada"]
    assert card["versions"][2]["decided"] == "2026-11-29T06:00:00+00:00"
    endpoint = card["endpoint"]
    assert endpoint
    assert (endpoint["status"], endpoint["version"]) == ("InService", 1)
    assert endpoint["variants"] == 1


def test_a_minute_of_an_open_page_costs_few_calls(churn: str, platform: Platform) -> None:
    for _ in range(2):
        account.register(platform, platform.unique("other"), {0.9: "Approved"})
    reader = Reader(Aws())
    for _ in range(5):  # five people have it open
        assert churn in [card["name"] for card in models(reader)["models"]]
        month_to_date(reader)
        drift_states(reader, f"s3://{platform.bucket}")
    assert reader.calls.total() <= 10, reader.calls
