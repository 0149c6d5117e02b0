"""The Assets are how DAGs meet: one that is emitted under another name starts nothing."""

from __future__ import annotations

import json
import subprocess
import sys

from include import assets
from include.settings import ROOT


def test_pipelines_have_assets_of_their_own() -> None:
    churn, other = assets.model("churn"), assets.model("house_prices")
    assert churn == assets.CHURN_MODEL
    assert (churn.name, other.name) == ("churn_model", "house_prices_model")
    assert assets.drift("churn") == assets.CHURN_DRIFT
    assert assets.drift("churn").name != churn.name


def test_an_alias_has_the_name_of_no_asset() -> None:
    aliases = {assets.drift_alert("churn").name, assets.MODEL_DEPLOYED.name}
    assert len(aliases) == 2
    assert not aliases & {assets.CHURN_MODEL.name, assets.CHURN_DRIFT.name}


def test_importing_the_assets_loads_no_provider() -> None:
    """A URI with a scheme would: every parse of a DAG file would pay for it."""
    code = "import json, sys, include.assets; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in loaded if name.startswith("airflow.providers.amazon.aws")] == []
