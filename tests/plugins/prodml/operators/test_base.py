"""Share the connection and the identity of the task among all operators."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.aws.tags import by_key
from prodml.company_rules import CompanyRulesError
from prodml.naming import Identity, identity_of
from prodml.operators.base import AwsOperator, default_deferrable
from prodml.vocabulary import TRAINING

from include.local_aws.testing import Server
from tests.plugins.rules import demanding
from tests.plugins.runs import Ti


def _context(ti: Ti) -> Any:
    return {"ti": ti}


@pytest.mark.parametrize(("index", "expected"), [(None, -1), (-1, -1), (3, 3)])
def test_a_task_is_known_by_its_run_and_its_place(index: int | None, expected: int) -> None:
    operator = AwsOperator(task_id="train", deployment="prod")
    ti = Ti("manual", task_id="train", map_index=index)  # type: ignore[arg-type]
    known = Identity("prod", "pipeline", "manual", "train", expected)
    assert operator.identity(_context(ti)) == known


def test_tags_lead_back_to_the_task() -> None:
    operator, ti = AwsOperator(task_id="train"), Ti("manual", try_number=4)
    tags = by_key(operator.tags(_context(ti), "digest"))
    assert identity_of(tags) == operator.identity(_context(ti))
    assert (tags["prodml:try"], tags["prodml:request-hash"]) == ("4", "digest")


def test_every_option_of_the_connection_reaches_the_clients() -> None:
    options: dict[str, Any] = {
        "aws_conn_id": "team_aws",
        "region_name": "eu-west-1",
        "verify": False,
        "botocore_config": {"read_timeout": 5},
    }
    operator = AwsOperator(task_id="train", **options)
    assert operator.aws == Aws(**options)
    assert operator.aws is operator.aws  # whose clients are made once


@pytest.mark.parametrize(("setting", "expected"), [("True", True), ("False", False), (None, False)])
def test_airflow_s_own_switch_decides_who_waits(
    setting: str | None, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE"
    monkeypatch.delenv(name, raising=False)
    if setting:
        monkeypatch.setenv(name, setting)
    assert default_deferrable() is expected


def test_the_button_opens_a_page_of_what_answers(server: Server, ti: Ti) -> None:
    AwsOperator(task_id="train").link_to(_context(ti), TRAINING, "no-such-job")
    link = ti.pushed["sagemaker_link"]
    assert link == f"{server.url}/_local/jobs/TrainingJob/no-such-job?region=us-east-1"


def test_an_invalid_company_rule_is_refused_at_construction() -> None:
    with (
        demanding({"PRODML_KMS_KEY": "my key"}),
        pytest.raises(CompanyRulesError, match="PRODML_KMS_KEY is 'my key'; set it to"),
    ):
        AwsOperator(task_id="train")
