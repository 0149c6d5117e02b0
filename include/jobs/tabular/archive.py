"""Write the model.tar.gz of a preprocessing: the same bytes for the same schema and medians."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import NamedTuple

from .features import DOCUMENT
from .schema import Medians, Schema

NAME = "model.tar.gz"
JOBS = Path(__file__).parents[1]
PACKAGE = "jobs"  # of the modules in the archive
NAMES = ("__init__", "schema", "encoding", "records", "responses", "columns", "features", "answers")
MODULES = ("__init__", *(f"tabular.{name}" for name in NAMES))
# AWS's image copies only the script from the model's folder, without the package next to it.
PROGRAM = '''"""Serve the {0} of the model's preprocessing."""

import sys

sys.path.insert(0, "/opt/ml/model/code")

from {1} import model_fn, transform_fn
'''


class Programs(NamedTuple):
    """The module whose handlers make features, and the modules that it needs besides `tabular`."""

    features: str = "tabular.features"
    modules: tuple[str, ...] = ()


TABULAR = Programs()


def write_archive(
    schema: Schema, medians: Medians, path: Path, programs: Programs = TABULAR
) -> None:
    """Write the programs that an inference pipeline runs before and after a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(schema, medians, programs))


def medians_of(path: Path) -> Medians:
    """Return the medians that an archive has."""
    with tarfile.open(path) as tar:
        document = tar.extractfile(DOCUMENT)
        medians: Medians = json.load(document)["medians"] if document else {}
    return medians


def archive(schema: Schema, medians: Medians, programs: Programs = TABULAR) -> bytes:
    """Return a tar.gz without times, owners and names of the machine that makes it."""
    content = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=content, mtime=0) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, data in sorted(_files(schema, medians, programs).items()):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return content.getvalue()


def _files(schema: Schema, medians: Medians, programs: Programs) -> dict[str, bytes]:
    document = {
        "contract": schema.contract,
        "schema": schema.document,
        "medians": {name: medians[name] for name in schema.numbers},
    }
    served = {
        "columns": "tabular.columns",
        "features": programs.features,
        "answers": "tabular.answers",
    }
    texts = {DOCUMENT: json.dumps(document)}
    for name, module in served.items():
        texts[f"code/{name}.py"] = PROGRAM.format(name, f"{PACKAGE}.{module}")
    for module in (*MODULES, *programs.modules):
        path = f"{module.replace('.', '/')}.py"
        texts[f"code/{PACKAGE}/{path}"] = (JOBS / path).read_text()
    return {name: text.encode() for name, text in texts.items()}
