"""A packed model in one process, which has no other module than its archive's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from include.pipelines.churn import PIPELINE
from tests.include.jobs.tabular.packed_models import packed

ASKED = """
import json, sys
folder, *bodies = sys.argv[1:]
sys.path.insert(0, f"{folder}/code")
from jobs.tabular.packed_model import model_fn, transform_fn
model = model_fn(folder)
for body in bodies:
    answer = transform_fn(model, body, "application/json", "application/json")
    print(answer[0] if isinstance(answer, tuple) else answer.sentence)
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("packed")
    shutil.unpack_archive(packed(folder / "parts"), folder / "model")
    return str(folder / "model")


def test_raw_records_are_answered_and_a_wrong_one_is_refused(model: str) -> None:
    record = json.loads(PIPELINE.smoke_record())
    bodies = [json.dumps(body) for body in (record, [record, record], {"state": "KS"})]
    process = subprocess.run(
        [sys.executable, "-c", ASKED, model, *bodies],
        env={"PRODML_SCRIPT": "train"},
        capture_output=True,
        text=True,
        check=True,
    )
    one, two, refused = process.stdout.splitlines()
    answer = {"label": "yes", "probability": 0.75, "version": None}
    assert (json.loads(one), json.loads(two)) == (answer, [answer, answer])
    assert refused.startswith("The record lacks column 'account_length'")
