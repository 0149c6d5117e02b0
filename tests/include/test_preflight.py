"""The command prints the table, and exits with 1 if something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prodml.company_rules import company_rules
from prodml.endpoints.component import Component, Hosts
from prodml.endpoints.serverless import Serverless

from include import preflight
from include.local_aws.testing import Server, connection_to
from include.pipelines.churn import PIPELINE
from include.pipelines.definition import catalog
from include.pipelines.definition.serving import Fleet
from include.settings import SettingsError, settings

HOSTS = Hosts("ml.c5.xlarge", 1, 3)


@pytest.fixture
def account(local_aws: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a laptop, which the command may change."""
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws.url))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("PRODML_KMS_KEY", raising=False)
    settings.cache_clear()
    company_rules.cache_clear()
    yield
    settings.cache_clear()
    company_rules.cache_clear()


def _exit_code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as caught:
        preflight.main(list(arguments))
    return caught.value.code


def test_ready_account(account: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code("--strict") == 0
    output = capsys.readouterr().out
    for check in ("identity", "region", "role trust", "permissions of Airflow", "bucket"):
        assert f"OK       {check} " in output
    assert "WRONG" not in output


def test_wrong_key_of_an_environment_file(
    account: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PRODML_KMS_KEY", "")  # restored after the test
    file = tmp_path / ".env"
    file.write_text("# the company's\nPRODML_KMS_KEY=alias/gone   # apart\n")
    assert _exit_code("--env", str(file)) == 1
    assert "WRONG    key gone" in capsys.readouterr().out


def test_values_of_an_environment_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('A=\'{"b": "c d"}\'\n\n# no\nB={"conn_type":"aws"}   # note\nC=\n')
    expected = {"A": '{"b": "c d"}', "B": '{"conn_type":"aws"}', "C": ""}
    assert preflight.read_environment(file) == expected


def test_line_without_a_name_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\nexport B=2\n")
    with pytest.raises(SettingsError, match=r"\.env:2 is 'export B=2'\. Write NAME=value\."):
        preflight.read_environment(file)


def test_missing_file_is_named(account: None) -> None:
    error = str(_exit_code("--env", "gone.env"))
    assert error.startswith("gone.env cannot be read")
    assert error.endswith("or name another file.")


def test_quotas_are_those_of_the_pipelines_and_studies() -> None:
    jobs = ("processing job", "training job", "transform job", "endpoint")
    assert preflight.used_quotas() == {f"ml.m5.large for {use} usage": 1 for use in jobs}


@pytest.mark.parametrize(
    ("serving", "endpoint"),
    [
        ({"serverless": Serverless(2048, 5)}, {}),
        (
            {"component": Component(memory_mb=1024), "fleet": Fleet("shared", HOSTS)},
            {"ml.c5.xlarge": 3},
        ),
    ],
    ids=["serverless", "component"],
)
def test_quota_of_an_endpoint_is_that_of_its_serving_kind(
    monkeypatch: pytest.MonkeyPatch, serving: dict[str, Any], endpoint: dict[str, int]
) -> None:
    pipeline = replace(PIPELINE, **serving)
    monkeypatch.setattr(catalog, "names", lambda: ["churn"])
    monkeypatch.setattr(catalog, "find", lambda _: pipeline)
    used = {name: n for name, n in preflight.used_quotas().items() if "endpoint" in name}
    assert used == {f"{kind} for endpoint usage": count for kind, count in endpoint.items()}
