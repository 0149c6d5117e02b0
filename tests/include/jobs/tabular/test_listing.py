"""Jobs read exactly what their run has listed, or end with a sentence."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path

import pytest

from include.jobs.tabular import listing
from include.jobs.tabular.listing import (
    Listed,
    Replaced,
    read_listing,
    refuse_replaced,
    refuse_replaced_objects,
)
from include.jobs.tabular.sources import INPUT_ADDRESS

CONTENT, OTHER = b"a\n1\n", b"a\n2\n"
NAME = "dt=2024-01-01/part-0.csv"
BY_S3 = {
    "CRC32": zlib.crc32(CONTENT).to_bytes(4, "big"),
    "CRC32C": bytes.fromhex("a6916417"),
    "CRC64NVME": bytes.fromhex("635cbb66adab6be3"),
    "SHA1": hashlib.sha1(CONTENT, usedforsecurity=False).digest(),
    "SHA256": hashlib.sha256(CONTENT).digest(),
}
DIGESTS = {
    "etag": f'"{hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()}"',
    "uploaded": hashlib.sha256(CONTENT).hexdigest(),
    **{kind: f"Checksum{kind}:{base64.b64encode(v).decode()}:4" for kind, v in BY_S3.items()},
}


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(INPUT_ADDRESS, "s3://lake/churn/")
    path = tmp_path / "raw" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    return tmp_path / "raw"


def listed(raw: Path, digest: str, size: int = len(CONTENT), name: str = NAME) -> Path:
    """Write the listing of one object; return its folder."""
    folder = raw.parent / "listing"
    folder.mkdir(exist_ok=True)
    entry = {"name": name, "size": size, "digest": digest, "etag": ""}
    (folder / "listing-0.json").write_text(json.dumps({"objects": [entry]}))
    return folder


@pytest.mark.parametrize("kind", DIGESTS)
def test_another_content_of_the_same_size_is_refused(raw: Path, kind: str) -> None:
    folder = listed(raw, DIGESTS[kind])
    refuse_replaced(raw, folder)
    (raw / NAME).write_bytes(OTHER)
    with pytest.raises(Replaced) as caught:
        refuse_replaced(raw, folder)
    message = str(caught.value)
    assert message.startswith(f"s3://lake/churn/{NAME} was replaced after the run had listed it: ")
    assert message.endswith("the run then reads what is there now.")


@pytest.mark.parametrize("digest", ['"0123456789abcdef0123456789abcdef-2"', "ChecksumCRC32:AA-2:9"])
def test_of_an_object_in_parts_the_size_is_compared(raw: Path, digest: str) -> None:
    refuse_replaced(raw, listed(raw, digest))
    with pytest.raises(Replaced, match="it has 4 bytes, not 5"):
        refuse_replaced(raw, listed(raw, digest, size=5))


def test_a_file_that_was_not_listed_is_refused(raw: Path) -> None:
    with pytest.raises(Replaced, match="it is not in the listing"):
        refuse_replaced(raw, listed(raw, DIGESTS["etag"], name="2024-01-01.csv"))


def test_without_a_listing_nothing_is_compared(raw: Path) -> None:
    refuse_replaced(raw, None)
    with pytest.raises(ValueError, match=r"raw has 0 listings\. Choose the folder of one\."):
        read_listing(raw)


def test_objects_are_compared_by_their_etags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INPUT_ADDRESS, "s3://lake/")
    etags = {"s3://lake/a": "1", "s3://lake/b": '"2"', "s3://lake/gone": ""}
    monkeypatch.setattr(listing, "etag_of", etags.__getitem__)
    one, two, gone = (Listed(n, 1, "", f'"{e}"') for n, e in (("a", 1), ("b", 2), ("gone", 3)))
    refuse_replaced_objects("s3://lake/", [one, two, Listed("uploaded", 1, "", "")])
    with pytest.raises(Replaced, match=r'lake/gone was replaced .* its ETag is gone, not "3"'):
        refuse_replaced_objects("s3://lake/", [one, gone])
