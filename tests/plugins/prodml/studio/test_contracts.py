"""The types of the front end are those that the API returns."""

from __future__ import annotations

import re
from typing import get_type_hints, is_typeddict

from prodml.studio import contracts, drift, drift_states, job_log, problems
from prodml.studio.costs import month
from prodml.studio.costs import overview as costs
from prodml.studio.endpoints import (
    alarms,
    components,
    contest,
    deployments,
    metrics,
    overview,
    requests,
    scaling,
    variants,
)
from prodml.studio.experiments import metric_curves, trials
from prodml.studio.jobs import listing
from prodml.studio.lineage import contracts as lineage

from tests.root import ROOT

MODULES = (
    *(costs, lineage, listing, month),
    *(contracts, drift, drift_states, job_log, problems, metric_curves, trials),
    *(contest, requests),
    *(alarms, components, deployments, metrics, overview, scaling, variants),
)
TEXT = "".join(file.read_text() for file in sorted((ROOT / "ui" / "src").glob("*.ts")))
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
