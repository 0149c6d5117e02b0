"""The page draws each kind of node that the API has, in the order of the graph."""

from __future__ import annotations

import json
import re

from prodml.studio.lineage.contracts import Step

from tests.root import ROOT

PICTURE = ROOT / "ui" / "src" / "models" / "lineage_picture.ts"


def test_the_picture_has_the_steps_of_the_api_in_their_order() -> None:
    stated = re.search(r"STEPS = (\[.*?\])", PICTURE.read_text(), re.DOTALL)
    assert stated
    assert json.loads(stated[1]) == list(Step)
