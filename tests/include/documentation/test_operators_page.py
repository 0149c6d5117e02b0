"""Each operator that a DAG can use is in the reference, with the parameters of its bases."""

from __future__ import annotations

import re

from include.documentation.operators_page import page
from tests.root import ROOT

BASES = {
    *("AwsOperator", "ContestOperator", "EndpointOperator", "SageMakerJobOperator"),
    *("ExaminedJobOperator", "RolloutOperator", "ServedModelOperator", "WindowOperator"),
}


def test_operators_are_documented() -> None:
    text = page()
    source = ROOT / "plugins" / "prodml" / "operators"
    code = "".join(path.read_text() for path in source.glob("*.py"))
    named = set(re.findall(r"^class ([A-Z]\w+Operator)\(", code, re.MULTILINE))
    titles = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    assert set(titles) == named - BASES
    assert titles == sorted(titles)
    assert "Whether to verify TLS certificates" in text  # inherited
    assert " *(templated)* |" in text
    assert ":class:" not in text
