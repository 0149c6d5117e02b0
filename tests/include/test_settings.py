from __future__ import annotations

import re

import pytest

from include.settings import ROOT, Settings, SettingsError, read

READERS = re.compile(r"os\.environ|os\.getenv")


def test_defaults_are_the_laptops() -> None:
    result = read({})
    assert result == Settings()
    assert result.uri("churn", "/runs/") == "s3://prodml-local/churn/runs"


def test_variables_decide() -> None:
    result = read({"PRODML_BUCKET": "team-ml", "PRODML_LANDING": "/data", "PRODML_DEPLOYMENT": ""})
    assert (result.bucket, result.landing) == ("team-ml", "/data")


def test_an_alert_fails_runs_where_a_team_wants_it() -> None:
    assert read({"PRODML_FAIL_ON_ALERT": "True"}).fail_on_alert
    assert not read({"PRODML_FAIL_ON_ALERT": "false"}).fail_on_alert


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PRODML_BUCKET", "My Bucket"),
        ("PRODML_LANDING", "s3://My_Bucket/rows"),
        ("PRODML_LANDING", "gs://bucket/rows"),
        ("PRODML_ROLE_ARN", "admin"),
        ("PRODML_DEPLOYMENT", "a deployment with a long name"),
        ("PRODML_CAPTURE_LAG_MINUTES", "soon"),
        ("PRODML_FAIL_ON_ALERT", "sometimes"),
        ("PRODML_INSTANCE_TYPE", "m5.large"),
        ("PRODML_MORE_INSTANCE_TYPES", "large"),
        ("PRODML_ENDPOINT_INSTANCE_TYPE", "ml.m5"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_set(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is '{value}'. Set it to"):
        read({variable: value})


def test_who_names_a_role_of_an_account_names_the_deployment_too() -> None:
    role = {"PRODML_ROLE_ARN": "arn:aws:iam::123456789012:role/ml"}
    with pytest.raises(SettingsError, match="is unique in account 123456789012"):
        read(role)
    assert read(role | {"PRODML_DEPLOYMENT": "prod"}).deployment == "prod"


def test_nothing_else_of_the_pipelines_reads_the_environment() -> None:
    """A job's contract is variables, and the demo starts processes; nothing else reads them."""
    folders = [ROOT / "dags", ROOT / "include" / "pipelines", ROOT / "include" / "data"]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    assert [str(path) for path in files if READERS.search(path.read_text())] == []


def test_fallback_types_are_in_the_order_of_preference() -> None:
    more = {"PRODML_MORE_INSTANCE_TYPES": "ml.m5.xlarge, ml.c5.xlarge,ml.m5.xlarge"}
    assert read(more).fallback_types == ("ml.m5.xlarge", "ml.c5.xlarge")


def test_a_steps_own_variable_wins_over_the_common_one() -> None:
    result = read(
        {"PRODML_INSTANCE_TYPE": "ml.m5.xlarge", "PRODML_TRAINING_INSTANCE_TYPE": "ml.c5.xlarge"}
    )
    assert result.instance_type_of("training") == "ml.c5.xlarge"
    assert result.instance_type_of("endpoint") == "ml.m5.xlarge"
