"""Write the model.tar.gz of a preprocessing: the same bytes for the same schema and medians."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

from .features import DOCUMENT
from .schema import Medians, Schema

NAME = "model.tar.gz"
PACKAGE = Path(__file__).parent
PROGRAMS = ("columns", "features", "answers")
MODULES = ("__init__", "schema", "encoding", "records", "responses", *PROGRAMS)
# AWS's image copies only the script from the model's folder, without the package next to it.
PROGRAM = '''"""Serve the {0} of the model's preprocessing."""

import sys

sys.path.insert(0, "/opt/ml/model/code")

from {1}.{0} import model_fn, transform_fn
'''


def write_archive(schema: Schema, medians: Medians, path: Path) -> None:
    """Write the programs that an inference pipeline runs before and after a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(archive(schema, medians))


def archive(schema: Schema, medians: Medians) -> bytes:
    """Return a tar.gz without times, owners and names of the machine that makes it."""
    content = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=content, mtime=0) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, data in sorted(_files(schema, medians).items()):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return content.getvalue()


def _files(schema: Schema, medians: Medians) -> dict[str, bytes]:
    document = {
        "contract": schema.contract,
        "schema": schema.document,
        "medians": {name: medians[name] for name in schema.numbers},
    }
    package = PACKAGE.name
    programs = {f"code/{n}.py": PROGRAM.format(n, package) for n in PROGRAMS}
    modules = {f"code/{package}/{n}.py": (PACKAGE / f"{n}.py").read_text() for n in MODULES}
    texts = {DOCUMENT: json.dumps(document), **programs, **modules}
    return {name: text.encode() for name, text in texts.items()}
