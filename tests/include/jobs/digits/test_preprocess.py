"""Images become the data sets of a run, and a model that takes images."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include.data.digits import write_weeks
from include.jobs.digits.schema import DIGITS
from include.settings import ROOT

ASK = """
import sys
sys.path.insert(0, sys.argv[1] + "/code")
import features
model = features.model_fn(sys.argv[1])
print(features.transform_fn(model, open(sys.argv[2], "rb").read(), "image/png", "*/*")[0])
"""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the raw images of three weeks."""
    folder = tmp_path_factory.mktemp("images")
    assert len(write_weeks(folder, weeks=3)) == 300
    return folder


def run(command: str, raw: Path, output: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "include/jobs/run.py"), "digits.preprocess", command]
    words = [*program, "--raw", str(raw), "--output", str(output)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_images_are_divided_encoded_and_served(images: Path, tmp_path: Path) -> None:
    done = run("split", images, tmp_path)
    assert "100 held out" in done.stdout, done.stderr
    labels = (tmp_path / "holdout_labels" / "part-00002.csv").read_text().split()
    assert {int(label) for label in labels} == {*range(len(DIGITS))}
    first = sorted(path for path in images.glob("2024-01-15/*/*.png"))[0]
    shutil.unpack_archive(tmp_path / "preprocessing" / "model.tar.gz", tmp_path / "model")
    asked = [sys.executable, "-c", ASK, str(tmp_path / "model"), str(first)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    held = (tmp_path / "holdout" / "part-00002.csv").read_text().splitlines()
    assert [float(p) for p in answer.split(",")] == [float(p) for p in held[0].split(",")]


def test_records_to_score_have_the_name_of_their_image(images: Path, tmp_path: Path) -> None:
    done = run("records", images / "2024-01-01" / "..", tmp_path)
    assert "300 rows to score" in done.stdout, done.stderr
    first = (tmp_path / "records" / "part-00000.csv").read_text().splitlines()[0]
    assert first.startswith("digit-00")


def test_a_bad_image_ends_the_job_with_its_address(images: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name in ("2024-01-01/zero/a.png", "2024-01-08/one/b.png"):
        (raw / name).parent.mkdir(parents=True)
        (raw / name).write_bytes(b"GIF89a")
    done = run("split", raw, tmp_path / "out")
    assert done.returncode == 1
    assert f"{raw}/2024-01-01/zero/a.png cannot be read: it is not a PNG file" in done.stderr
