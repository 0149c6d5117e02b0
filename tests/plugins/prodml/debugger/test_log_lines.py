"""Numbers in log lines: by metric definitions, of XGBoost, of the hook, and NaN."""

from __future__ import annotations

import math

from prodml.debugger.log_lines import LineReader
from prodml.debugger.observations import Source

READER = LineReader(
    [
        {"Name": "validation:loss", "Regex": r"validation:loss=([0-9.]+);"},
        {"Name": "broken", "Regex": "("},
        {"Name": "rows", "Regex": r"\d+ rows"},
    ]
)


def values(line: str, reader: LineReader = READER) -> dict[str, float]:
    return {name: value for one in reader.read(line, 5.0) for name, value in one.values.items()}


def test_metric_definitions_are_applied_as_sagemaker_does() -> None:
    (one,) = READER.read("validation:loss=0.25; 30 rows", 5.0)
    assert (one.source, one.at) == (Source.METRIC, 5.0)
    assert one.values == {"validation:loss": 0.25, "rows": 30.0}
    assert READER.read("no number", 5.0) == []


def test_nan_is_read_although_the_pattern_misses_it() -> None:
    assert math.isnan(values("epoch 3: validation:loss=nan;")["validation:loss"])
    assert values("validation:loss=-Infinity; 3 rows") == {"validation:loss": math.inf, "rows": 3.0}
    assert values("best=inf, patience: nan") == {}
    assert values("validation:loss=information;") == {}


def test_the_lines_of_xgboost_need_no_definition() -> None:
    line = "[12]#011train-mlogloss:0.51#011validation-auc@2:nan"
    read = values(line, LineReader())
    assert read["train:mlogloss"] == 0.51
    assert math.isnan(read["validation:auc@2"])


def test_a_line_of_the_hook_that_was_cut_off_is_skipped() -> None:
    assert READER.read('#prodml-hook# {"gradients": {"all": 1.0', 1.0) == []
    assert READER.read('#prodml-hook# {"gradients": [1]}', 1.0) == []
    assert values('prefix #prodml-hook# {"steps": {"mean": 2}}') == {"mean": 2.0}


def test_a_long_line_costs_little() -> None:
    assert values("a:nan " + "nan=" * 1_000_000) == {}
