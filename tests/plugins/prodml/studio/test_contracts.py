"""The types of the front end are those that the API returns."""

from __future__ import annotations

import re
from typing import get_type_hints, is_typeddict

from prodml.studio import contracts, problems

from tests.root import ROOT

MODULES = (contracts, problems)
TEXT = "".join((ROOT / "ui" / "src" / name).read_text() for name in ("api.ts", "load.ts"))
INTERFACE = re.compile(r"export interface (\w+) \{\n(.*?)\n\}", re.DOTALL)


def test_every_contract_has_the_same_members_in_typescript() -> None:
    interfaces = {
        name: re.findall(r"^  (\w+)\??:", body, re.MULTILINE)
        for name, body in INTERFACE.findall(TEXT)
    }
    stated = {
        name: list(get_type_hints(kind))
        for module in MODULES
        for name, kind in vars(module).items()
        if is_typeddict(kind) and name != "TypedDict"
    }
    assert stated
    assert {name: interfaces.get(name) for name in stated} == stated
