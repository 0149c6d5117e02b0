"""Classes that are rare or absent."""

from __future__ import annotations

from prodml.debugger.observations import Source
from prodml.debugger.rules import ClassImbalance

from tests.plugins.prodml.debugger.observed import finding, reports


def test_a_rare_class_is_found_once_there_are_enough_rows() -> None:
    rows = reports(Source.LABELS, [{"no": 495, "yes": 5}, {"no": 990, "yes": 10}])
    one = finding(ClassImbalance(), rows)
    assert one is not None
    assert one.series == "yes"
    assert one.at == 1.0
    assert (
        one.text == "Class yes has 10 of 1000 rows (1.00%); the largest class has 99 times as many."
    )


def test_a_class_that_never_comes_is_found() -> None:
    rows = reports(Source.LABELS, [{"0": 500, "1": 600}])
    assert finding(ClassImbalance(), rows) is None
    one = finding(ClassImbalance(classes=3), rows)
    assert one is not None
    assert one.text == "2 of 3 classes are in 1100 rows."
