"""The tumours pipeline takes the records that it is meant to take."""

from __future__ import annotations

import pytest

from include.jobs.tabular.encoding import Encoder, RecordError
from include.pipelines.tumours import PIPELINE

SCHEMA = PIPELINE.schema
RECORD = {
    **dict.fromkeys(SCHEMA.numbers, "10"),
    **dict.fromkeys(SCHEMA.flags, "no"),
    **{name: values[0] for name, values in SCHEMA.categories.items()},
}


def encoded(record: dict[str, str]) -> str:
    return Encoder(SCHEMA, {}).line([record[name] for name in SCHEMA.inputs])


def test_a_record_becomes_the_features_of_the_model() -> None:
    assert len(encoded(RECORD).split(",")) == len(SCHEMA.features)


@pytest.mark.parametrize("column", SCHEMA.inputs)
def test_a_value_that_the_model_does_not_know_is_refused(column: str) -> None:
    with pytest.raises(RecordError, match="is not"):
        encoded({**RECORD, column: "no such value"})


def test_the_contract_changes_on_purpose_alone() -> None:
    """Versions of another contract are not compared: write the new digest when you mean it."""
    assert SCHEMA.contract == "7ca2d626d9001280"
