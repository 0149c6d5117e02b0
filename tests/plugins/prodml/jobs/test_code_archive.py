"""The code of a Processing job: one object per content, sent once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prodml.aws.s3 import split
from prodml.jobs.code_archive import send_code


def _folder(path: Path, text: str = "print(1)\n") -> Path:
    (path / "__pycache__").mkdir(parents=True)
    (path / "main.py").write_text(text)
    (path / "__pycache__" / "main.pyc").write_bytes(os.urandom(8))
    return path


def _keys(s3: Any, uri: str) -> list[str]:
    bucket, key = split(uri)
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]
    return [item["Key"].removeprefix(key) for item in listed]


def test_a_folder_is_one_object_below_its_digest(s3: Any, bucket: str, tmp_path: Path) -> None:
    prefix = f"s3://{bucket}/code"
    one, same, other = (_folder(tmp_path / name) for name in ("one", "same", "other"))
    (other / "main.py").write_text("print(2)\n")
    uri = send_code(s3, one, prefix)
    assert _keys(s3, uri) == ["code.zip"]
    assert send_code(s3, same, prefix) == uri
    assert send_code(s3, other, prefix) != uri
    other.joinpath("main.py").rename(other / "run.py")
    assert len({send_code(s3, folder, prefix) for folder in (one, same, other)}) == 2


def test_an_archive_is_sent_once(s3: Any, bucket: str, tmp_path: Path) -> None:
    folder, prefix = _folder(tmp_path / "one"), f"s3://{bucket}/code-once"
    sent: list[str] = []
    s3.meta.events.register(
        "before-call.s3", lambda model, **_: sent.append(model.name), unique_id="sent"
    )
    try:
        assert send_code(s3, folder, prefix) == send_code(s3, folder, prefix)
    finally:
        s3.meta.events.unregister("before-call.s3", unique_id="sent")
    assert sent == ["ListObjectsV2", "PutObject", "ListObjectsV2"]
