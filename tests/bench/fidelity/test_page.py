"""The page of the public suites has the figures of the stored results."""

from __future__ import annotations

import json

from bench.fidelity import page
from bench.fidelity.reasons import FAULT
from bench.fidelity.suites import SUITES

RESULTS = json.loads(page.RESULT.read_text())


def test_the_page_is_made_of_the_results() -> None:
    assert page.PAGE.read_text() == page.page(RESULTS), "Run python -m bench.fidelity.page."


def test_each_suite_was_run_and_counts_every_test() -> None:
    for suite in SUITES:
        result = RESULTS["suites"][suite.name]
        counted = sum(len(entry["tests"]) for entry in result["reasons"])
        assert result["tests"] == result["passed"] + counted
        assert result[FAULT] == 0


def test_a_suite_without_a_checkout_is_named() -> None:
    absent = {"suites": {suite.name: {"not_run": "no checkout"} for suite in SUITES}}
    assert page.page(absent).count("not run: no checkout") == len(SUITES)
