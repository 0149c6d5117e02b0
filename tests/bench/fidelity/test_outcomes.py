"""Each test of a suite that does not pass has a kind and a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fidelity.outcomes import outcomes
from bench.fidelity.reasons import ASSUMES, FAULT, REFUSED, SKIPPED

CASE = '<testcase classname="tests.test_models" name="test_one">{}</testcase>'
REFUSAL = "sagemaker:CreateCluster is not emulated by the embedded AWS. See docs."
IMAGE = "The embedded AWS does not emulate the image '123.dkr.ecr.eu-west-1.amazonaws.com/knn:1'."
INVALID = (
    "1 validation error detected: Value 'x-x' at 'roleArn' failed to satisfy constraint: Member"
)


@pytest.mark.parametrize(
    ("inside", "kind", "reason"),
    [
        (f'<failure message="m">E {REFUSAL}</failure>', REFUSED, "CreateCluster is refused"),
        (f'<error message="m">E {IMAGE}</error>', REFUSED, "the image `knn:1` is refused"),
        (
            f'<failure message="failed"/><system-out>{REFUSAL}</system-out>',
            REFUSED,
            "CreateCluster is refused",
        ),
        (
            f'<failure message="m">E {INVALID}</failure>',
            ASSUMES,
            "sends a `roleArn` that SageMaker's service model refuses",
        ),
        ('<failure message="assert 1 == 2">E assert 1 == 2</failure>', FAULT, "assert 1 == 2"),
        ('<skipped message="no server"/>', SKIPPED, "no server"),
    ],
)
def test_a_failure_has_its_kind(tmp_path: Path, inside: str, kind: str, reason: str) -> None:
    results = tmp_path / "results.xml"
    results.write_text(f"<testsuites>{CASE.format('')}{CASE.format(inside)}</testsuites>")
    counted = outcomes("moto", results)
    assert (counted["tests"], counted["passed"], counted[kind]) == (2, 1, 1)
    expected = {"kind": kind, "reason": reason, "tests": ["test_models::test_one"]}
    assert counted["reasons"] == [expected]


def test_a_judged_test_has_its_reason(tmp_path: Path) -> None:
    case = CASE.replace("models", "sagemaker_experiment").replace("one", "create_experiment")
    results = tmp_path / "results.xml"
    failed = case.format('<failure message="m">E</failure>')
    results.write_text(f"<testsuites>{failed}</testsuites>")
    assert outcomes("moto", results)[ASSUMES] == 1
