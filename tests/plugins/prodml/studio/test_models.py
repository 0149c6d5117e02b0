"""Models with their versions and endpoints, in a number of calls that does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prodml.aws.client import Aws
from prodml.studio.costs.month import month_to_date
from prodml.studio.drift_states import drift_states
from prodml.studio.models import models, version_card
from prodml.studio.reader import Reader

from include.local_aws.testing import connection_to, running_server
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


def test_metadata_that_another_tool_wrote_does_not_fail_the_page() -> None:
    facts = {"metric:holdout_auc": "nan", "metric:holdout_f1": "good", "metric:holdout_rmse": "2.5"}
    card = version_card(
        {
            "ModelPackageVersion": 1,
            "CreationTime": datetime(2026, 11, 29, tzinfo=UTC),
            "ModelApprovalStatus": "Approved",
            "CustomerMetadataProperties": facts | {"training_rows": "\u00b2"},
        }
    )
    assert (card["scores"], card["rows"]) == ({"rmse": 2.5}, None)


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """An account of its own: how many calls a page needs depends on what else is there."""
    with running_server(tmp_path) as server:
        monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
        platform = Platform(server, lambda stem: f"{stem}-alone")
        yield platform
        platform.clean_up()


def test_a_minute_of_an_open_page_costs_few_calls(alone: Platform) -> None:
    packages = account.register(alone, "churn", SCORES)
    account.serve(alone, "churn", packages[0])
    for name in ("wine", "tumours"):
        account.register(alone, name, {0.9: "Approved"})
    reader = Reader(Aws())
    for _ in range(5):  # five people have it open
        names = [card["name"] for card in models(reader)["models"]]
        assert sorted(names) == ["churn", "tumours", "wine"]
        month_to_date(reader)
        drift_states(reader, f"s3://{alone.bucket}")
    assert reader.calls.total() <= 10, reader.calls
