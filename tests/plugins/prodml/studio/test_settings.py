"""The settings of a deployment, from the environment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prodml.studio import settings

Table = Callable[[Any], None]


@pytest.fixture(name="table")
def _table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """Write a table of prices and name it in the environment; without a table, name none."""

    def write(document: Any) -> None:
        path = tmp_path / "prices.json"
        path.write_text(json.dumps(document))
        monkeypatch.setenv("PRODML_PRICES", str(path) if document else "")

    settings._table.cache_clear()
    yield write
    settings._table.cache_clear()


def test_bucket_and_deployment_have_defaults_also_where_a_variable_is_empty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PRODML_BUCKET", "PRODML_DEPLOYMENT"):
        monkeypatch.setenv(name, "")
    assert (settings.root(), settings.deployment()) == ("s3://prodml-local", "local")
    monkeypatch.setenv("PRODML_BUCKET", "team-ml")
    monkeypatch.setenv("PRODML_DEPLOYMENT", "staging")
    assert (settings.root(), settings.deployment()) == ("s3://team-ml", "staging")


def test_prices_are_those_of_the_table(table: Table) -> None:
    table(
        {
            "as_of": "2026-11-01",
            "usd_per_hour": {"ml.m5.large": "0.115", "ml.m5.xlarge": 1},
            "usd_per_gb_month": 0.14,
        }
    )
    assert settings.prices() == {"ml.m5.large": 0.115, "ml.m5.xlarge": 1.0}
    assert settings.rates().storage_usd == 0.14
    assert settings.prices_as_of() == "2026-11-01"


def test_a_table_of_instances_alone_prices_no_volumes(table: Table) -> None:
    table({"usd_per_hour": {"ml.m5.large": 0.115}})
    assert settings.rates().hourly("ml.m5.large", volume_gb=100) == 0.115
    assert settings.prices_as_of() == ""


def test_without_a_table_nothing_has_a_price(table: Table) -> None:
    table(None)
    assert settings.prices() == {}
    assert settings.rates().hourly("ml.m5.large") is None
    assert settings.prices_as_of() == ""
