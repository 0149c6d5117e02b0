"""Versions of the same contract, of another one, and of one that is unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from prodml.exceptions import MissingObjectError

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from include.pipelines.adapters.aws import write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.evaluation.champion import Champion
from include.pipelines.evaluation.comparability import Comparability
from include.pipelines.evaluation.contracts_of_versions import (
    callers_change,
    of_version,
    on_holdout,
    smoke_record,
)
from include.settings import settings

NARROW = replace(PIPELINE.schema, flags=())
WIDE = replace(PIPELINE.schema, numbers=("income", *PIPELINE.schema.numbers))


pytestmark = pytest.mark.usefixtures("bucket")


def _version(schema: Schema, name: str, **facts: str) -> Champion:
    """Return a version with the contract of *schema*, as a retrain registers it."""
    baseline = settings().uri("contracts", name) + "/"
    write_text(f"{baseline}contract.json", json.dumps(contract_document(schema)))
    stated = {"baseline": baseline, "input_contract": schema.contract} | facts
    return Champion(f"arn:{name}", [{"Image": "i"}], stated)


@pytest.fixture(name="data")
def _data() -> Any:
    """Return the data sets of a run, as the prefixes that it passes on: without a slash."""
    return {"baseline": _version(PIPELINE.schema, "run").facts["baseline"].rstrip("/")}


def test_model_is_compared_by_the_columns_that_it_takes(data: Any) -> None:
    assert on_holdout(_version(PIPELINE.schema, "same"), data) == Comparability()
    selected = on_holdout(_version(NARROW, "narrow"), data)
    assert selected.obstacle is None
    assert str(selected.columns).startswith("0-")


def test_model_of_columns_that_the_holdout_lacks_is_not_compared(data: Any) -> None:
    said = "takes the columns ['income'], which the holdout lacks"
    assert on_holdout(_version(WIDE, "wide"), data) == Comparability(said)


def test_model_of_unknown_records_or_containers_is_not_compared(data: Any) -> None:
    foreign = Champion("arn:foreign", [{"Image": "i"}], {})
    lost = Champion("arn:lost", [{"Image": "i"}], {"input_contract": "c", "baseline": "s3://b/x/"})
    for unknown in (foreign, replace(lost, facts={"input_contract": "c"})):
        assert str(on_holdout(unknown, data).obstacle).startswith("states no input_contract")
    unnamed = replace(foreign, containers=None)
    assert on_holdout(unnamed, data).obstacle == "is made of containers that are unknown"


def test_holdout_without_a_contract_is_an_error() -> None:
    """Preprocessing writes it in the same job."""
    data: Any = {"baseline": settings().uri("contracts", "nothing")}
    with pytest.raises(MissingObjectError):
        on_holdout(_version(PIPELINE.schema, "same"), data)


def test_version_is_tested_with_a_record_of_its_own_contract() -> None:
    """A rollback to an older version must not fail for a column that came later."""
    assert "income" in json.loads(smoke_record(PIPELINE, _version(WIDE, "wide")))
    for version in (None, Champion("arn:foreign", None, {})):
        assert smoke_record(PIPELINE, version) == PIPELINE.smoke_record()


def test_card_says_what_callers_must_change() -> None:
    same, wide = _version(PIPELINE.schema, "same"), _version(WIDE, "wide")
    said = "Callers must change their requests: send ['income'] too."
    assert callers_change(of_version(wide), same) == said
    assert callers_change(of_version(same), same) is None
    assert callers_change(of_version(same), None) is None
    assert callers_change(of_version(same), Champion("arn:foreign", None, {})) is None
