"""A model of a script, packed with the preprocessing of churn."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.archive import archive
from include.jobs.tabular.pack import pack

SCRIPT = """
def model_fn(folder):
    return float(open(folder + "/chance").read())

def predict_fn(rows, model):
    return [model] * len(rows)
"""


def packed(folder: Path) -> Path:
    """Return the archive of a model that answers 0.75 to every record."""
    parts = {name: folder / name for name in ("preprocessing", "trained")}
    for path in parts.values():
        path.mkdir(parents=True)
    medians = dict.fromkeys(SCHEMA.numbers, 1.0)
    (parts["preprocessing"] / "model.tar.gz").write_bytes(archive(SCHEMA, medians))
    files = {"./chance": "0.75", "./code/train.py": SCRIPT, "./code/requirements.txt": "six\n"}
    with tarfile.open(parts["trained"] / "model.tar.gz", "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    pack(folder, target := folder / "packed" / "model.tar.gz")
    return target
