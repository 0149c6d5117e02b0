"""The tutorial and docs/how-to/own-image.md, followed to the letter in a copy of the project."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from prodml.vocabulary import Json

from include.local_aws.testing import Server, running_server
from include.settings import ROOT
from tests.loop.conftest import RunSteps
from tests.loop.copied import copy_project
from tests.loop.test_churn_loop import dag, states, value

GUIDE = (ROOT / "docs" / "tutorial" / "your-own-model.md").read_text()
FILES = dict(re.findall(r"^`([\w/.]+\.py)`\n```python\n(.*?)^```$", GUIDE, re.M | re.S))
COMMANDS = re.findall(r"^\.venv/bin/python (-m include\..*)$", GUIDE, re.M)
OWN_IMAGE = (ROOT / "docs" / "how-to" / "own-image.md").read_text()
CANDIDATE = re.findall(r"^`([\w/.]+\.py)`\n```python\n(.*?)^```$", OWN_IMAGE, re.M | re.S)
SEX_AS_NUMBER = {
    'numbers=("age",': 'numbers=("age", "sex",',
    '    categories={"sex": ("1", "2")},\n': "",
}
CANARY, CANARY_AGE = "canary-of-a-person", "47.1828459045"
# Rows themselves, which a model learns from.
DATA_SETS = re.compile(
    r"^diabetes/(raw/|runs/[^/]+/[^/]+/(train|validation(_records)?|holdout|records|scores)/)"
)
BODIES = re.compile(r"(landing|project)/|aws/s3/objects/")  # the last are read by key


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project with the guide's files in it, and its data cut as the guide says."""
    root = copy_project(tmp_path / "project")
    environment = os.environ | {"PRODML_LANDING": str(tmp_path / "landing")}
    environment["PYTHONPATH"] = os.pathsep.join([str(root), str(root / "plugins")])
    for command in COMMANDS:
        words = [sys.executable, *shlex.split(command)]
        subprocess.run(words, cwd=root, env=environment, check=True)
    for name, text in FILES.items():
        (root / name).write_text(text)
    for name, line in CANDIDATE:
        path = root / name
        text = path.read_text().replace("candidates=(\n", "candidates=(OWN,\n")
        path.write_text(text.replace("PIPELINE = ", f"{line}\nPIPELINE = "))
    return root


def plant(landing: Path) -> None:
    """Give one row of every week a name and an age that no other text of the world contains."""
    weeks = sorted((landing / "diabetes").glob("*.csv"))
    assert len(weeks) == 8
    for path in weeks:
        header, first, *rest = path.read_text().splitlines()
        row = dict(zip(header.split(","), first.split(","), strict=True))
        row |= {"patient": f"{CANARY}-{path.stem}", "age": CANARY_AGE}
        path.write_text("\n".join([header, ",".join(row.values()), *rest, ""]))


def leaks(folder: Path) -> list[str]:
    """Return the files, objects and pages of a world with a planted value, but for data sets."""
    words = (CANARY.encode(), CANARY_AGE.encode())
    texts = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    named = {str(path.relative_to(folder)): text for path, text in texts.items()}
    kept = {name: text for name, text in named.items() if not BODIES.match(name)}
    with running_server(folder / "aws") as server:
        kept |= objects(server.client("s3", s3={"addressing_style": "path"}))
        kept |= {path: page(server, path) for path in ("", "buckets/prodml-local")}
    return [name for name, text in kept.items() if any(word in text for word in words)]


def objects(s3: Any) -> dict[str, bytes]:
    """Return the objects of the bucket by key, without the data sets that a model learns from."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="prodml-local")
    keys = [item["Key"] for page in pages for item in page["Contents"]]
    assert [key for key in keys if "/train/" in key]
    others = [key for key in keys if not DATA_SETS.search(key)]
    return {key: s3.get_object(Bucket="prodml-local", Key=key)["Body"].read() for key in others}


def page(server: Server, path: str) -> bytes:
    with urllib.request.urlopen(f"{server.url}/_local/{path}") as answer:
        return bytes(answer.read())


def expiring(days: Json, run: Json) -> list[str]:
    """Return the addresses of what the run's version needs that a lifecycle rule deletes."""
    needed = {k: v for k, v in value(run, "judge")["metadata"].items() if v.startswith("s3://")}
    needed["model"] = value(run, "select_best")["container"]["ModelDataUrl"]
    assert {"baseline", "preprocessing", "holdout_scores", "holdout_labels"} < needed.keys()
    assert {"diabetes/capture/", "diabetes/runs/"} < days.keys()
    return [
        uri
        for uri in needed.values()
        if any(uri.partition("s3://")[2].partition("/")[2].startswith(p) for p in days)
    ]


def check_other_contract(unlike: Json, allowed: Json) -> None:
    """The schema has changed: the model in production stays, unless allow_older replaces it."""
    verdict = value(unlike, "judge")
    assert verdict["outcome"] == "NOT_COMPARABLE"
    assert "takes 'sex' as a category, which is a number in the holdout" in verdict["decision"]
    assert verdict["holdout"]["champion"] is None
    assert "send 'sex' as a number instead of a category" in verdict["scorecards"]
    assert value(unlike, "register")["approval"] == "PendingManualApproval"
    assert states(unlike, "deploy") == ["skipped"]  # auto_approve does not let it pass
    assert value(allowed, "judge")["outcome"] == "accepted"
    jobs = [value(run, "select_best")["job_name"] for run in (unlike, allowed)]
    assert jobs[0] == jobs[1]  # the second run adopts the jobs of the first
    assert value(allowed, "deploy")["changed"] is True


def test_the_guide_makes_a_retraining_dag_of_a_csv_file_and_a_script(
    run_steps: RunSteps, project: Path, tmp_path: Path
) -> None:
    """A regression: trained, judged by its error on the newest week, served, and trained again.

    Its schema changes in between. Then its traffic is checked, a file is scored, and the endpoint
    is deleted. Its personal columns are in no log, report, page, result or note of the runs.
    """
    plant(tmp_path / "landing")
    initialized, first, _, unlike, second, checked, scored, gone = run_steps(
        dag("initialize_project"),
        dag("retrain_diabetes", window_end="2024-02-19", window_partitions=7),
        {"step": "edit", "name": "include/jobs/diabetes/schema.py", "changes": SEX_AS_NUMBER},
        dag("retrain_diabetes"),
        dag("retrain_diabetes", allow_older=True),
        dag("check_diabetes_drift"),
        dag("score_diabetes_batch", partition="2024-02-19"),
        dag("tear_down_diabetes", confirm=True),
        root=project,
    )
    runs = (first, unlike, second, checked, scored, gone)
    assert [run["state"] for run in runs] == ["success"] * 6
    assert value(gone, "delete_endpoint")["deleted"]["endpoints"] == ["diabetes"]
    trials = [ti["value"]["name"] for ti in first["tasks"]["train"]]
    assert trials == ["own-ridge", "xgboost", "ridge"]
    best = value(first, "select_best")
    assert best["value"] == min(
        ti["value"]["metrics"]["validation:rmse"] for ti in first["tasks"]["train"]
    )
    judged = value(first, "judge")["holdout"]
    assert judged["champion"] is None
    assert 40 < judged["challenger"]["rmse"] < 80
    assert states(first, "announce") == ["success"]
    assert float(value(first, "smoke_test")["answer"])
    check_other_contract(unlike, second)
    assert leaks(tmp_path) == []
    assert expiring(value(initialized, "set_retention")["days"], first) == []
