"""The archive of a preprocessing: the same bytes for the same content, and programs that run."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from include.jobs.tabular.archive import Programs, archive, medians_of, write_archive
from tests.include.jobs.tabular.houses import MEDIANS, SCHEMA


def test_the_archive_is_the_same_for_the_same_schema_and_medians(tmp_path: Path) -> None:
    assert archive(SCHEMA, MEDIANS) == archive(SCHEMA, dict(reversed(MEDIANS.items())))
    assert archive(SCHEMA, MEDIANS) != archive(SCHEMA, MEDIANS | {"rooms": 4.0})
    write_archive(SCHEMA, MEDIANS, tmp_path / "preprocessing" / "model.tar.gz")
    packed = (tmp_path / "preprocessing" / "model.tar.gz").read_bytes()
    with tarfile.open(fileobj=BytesIO(gzip.decompress(packed))) as tar:
        members = tar.getmembers()
    assert {(member.mtime, member.uname, member.uid) for member in members} == {(0, "", 0)}
    assert [m.name for m in members] == sorted(m.name for m in members)


def test_the_programs_of_the_archive_need_nothing_but_python(tmp_path: Path) -> None:
    """They start in milliseconds, under network isolation, in any version of the image."""
    write_archive(SCHEMA, MEDIANS, tmp_path / "model.tar.gz")
    shutil.unpack_archive(tmp_path / "model.tar.gz", tmp_path)
    for program in ("features", "answers"):
        code = f"import {program}; {program}.model_fn({str(tmp_path)!r}); {program}.transform_fn"
        command = [sys.executable, "-S", "-c", code]  # without the packages that are installed here
        ended = subprocess.run(
            command, cwd=tmp_path / "code", env={}, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr


def test_medians_of_numbers_alone_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    write_archive(SCHEMA, {**MEDIANS, "zone": 1.5}, path)
    assert medians_of(path) == MEDIANS


def test_another_program_for_features_is_packed_with_its_modules() -> None:
    programs = Programs("churn.schema", ("churn.__init__", "churn.schema"))
    with tarfile.open(fileobj=BytesIO(archive(SCHEMA, MEDIANS, programs))) as tar:
        names = tar.getnames()
        features = tar.extractfile("code/features.py")
        assert features is not None
        assert b"from jobs.churn.schema import model_fn" in features.read()
    assert {"code/jobs/churn/schema.py", "code/jobs/tabular/columns.py"} <= {*names}
