"""The lifecycle rules of a bucket, together with those of others."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.exceptions import InvalidInputError, RequestRefusedError
from prodml.operators.retention import EnsureRetentionOperator

from tests.plugins.runs import Ti, run

DAYS = {"churn/capture/": 90, "churn/runs/": 365}
KEPT = ["churn/artifacts/"]
FOREIGN = {
    "ID": "logs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 7},
}


@pytest.fixture
def bucket(unique: str, s3: Any) -> str:
    s3.create_bucket(Bucket=unique)
    return unique


def ensure(bucket: str, ti: Ti, **changes: Any) -> Any:
    given: dict[str, Any] = {"days": DAYS, "kept": KEPT} | changes
    return run(EnsureRetentionOperator(task_id="retention", bucket=bucket, **given), ti)


def rules(s3: Any, bucket: str) -> dict[str, Any]:
    described = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return {rule["ID"]: rule for rule in described}


def put(s3: Any, bucket: str, *given: dict[str, Any]) -> None:
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": list(given)}
    )


def test_rules_are_set_once_and_follow_a_change(bucket: str, s3: Any, ti: Ti) -> None:
    assert ensure(bucket, ti) == {"bucket": bucket, "days": DAYS, "changed": True}
    assert ensure(bucket, ti)["changed"] is False
    rule = rules(s3, bucket)["prodml: churn/capture/"]
    assert (rule["Filter"], rule["Expiration"]) == ({"Prefix": "churn/capture/"}, {"Days": 90})
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert ensure(bucket, ti, days={"churn/capture/": 30})["changed"]
    assert rules(s3, bucket)["prodml: churn/capture/"]["Expiration"] == {"Days": 30}
    assert "prodml: churn/runs/" in rules(s3, bucket)  # another Airflow's, perhaps


def test_rules_of_others_stay(bucket: str, s3: Any, ti: Ti) -> None:
    put(s3, bucket, FOREIGN)
    ensure(bucket, ti)
    assert rules(s3, bucket)["logs"] == FOREIGN
    assert len(rules(s3, bucket)) == 3
    ensure(bucket, ti, days=dict.fromkeys(DAYS, "0"))
    assert [*rules(s3, bucket)] == ["logs"]


def test_where_a_rule_has_the_old_form_all_have_it(bucket: str, s3: Any, ti: Ti) -> None:
    old = {k: v for k, v in FOREIGN.items() if k != "Filter"} | {"Prefix": "logs/"}
    put(s3, bucket, old)
    ensure(bucket, ti)
    assert [rule["Prefix"] for rule in rules(s3, bucket).values()] == ["logs/", *DAYS]
    assert ensure(bucket, ti)["changed"] is False


@pytest.mark.parametrize("prefix", ["", "churn/", "churn/artifacts/retrain_churn/"])
def test_a_rule_that_deletes_models_in_production_is_refused(
    prefix: str, bucket: str, s3: Any, ti: Ti
) -> None:
    put(s3, bucket, FOREIGN | {"Filter": {"Prefix": prefix}})
    with pytest.raises(RequestRefusedError, match=r"'logs'.*below 'churn/artifacts/'\. Limit"):
        ensure(bucket, ti)
    assert [*rules(s3, bucket)] == ["logs"]


def test_rules_that_delete_no_model_pass(bucket: str, s3: Any, ti: Ti) -> None:
    tagged = {"Filter": {"Tag": {"Key": "temporary", "Value": "yes"}}}
    off = {"ID": "off", "Status": "Disabled", "Filter": {"Prefix": ""}}
    put(s3, bucket, FOREIGN | tagged, FOREIGN | off)
    assert ensure(bucket, ti)["changed"]


def test_days_that_are_no_whole_number_are_refused(bucket: str, ti: Ti) -> None:
    with pytest.raises(InvalidInputError, match=r"'-3'\. Give whole days, or 0"):
        ensure(bucket, ti, days={"churn/runs/": "-3"})


def test_without_rules_nothing_is_put(bucket: str, s3: Any, ti: Ti) -> None:
    assert ensure(bucket, ti, days={"churn/runs/": 0})["changed"] is False
    ensure(bucket, ti)
    assert ensure(bucket, ti, days=dict.fromkeys(DAYS, 0))["changed"]
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
