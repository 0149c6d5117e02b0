from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.jobs.tabular.hashing import below, hashes_of


def test_a_text_has_the_same_hash_wherever_it_stands() -> None:
    texts = ["", "a", "eight ch", "nine char", "Zürich " * 9, "a"]
    hashes = hashes_of(pa.array(texts))
    assert len({*hashes.tolist()}) == len({*texts})
    assert hashes[1] == hashes[5]
    sliced = hashes_of(pa.array(["before", *texts]).slice(1))
    assert sliced.tolist() == hashes.tolist()
    assert hashes_of(pa.array(texts, pa.binary())).tolist() == hashes.tolist()
    assert hashes_of(pa.array([], pa.string())).tolist() == []


def test_hashes_are_those_of_earlier_versions() -> None:
    """Another hash would move rows between training and validation."""
    hashes = hashes_of(pa.array(["customer-1", ""]))
    texts = [f"{value:016x}" for value in hashes.tolist()]
    assert texts == [
        "4c7f8cb0a76be630",
        "12ae30237b17df14",
    ]


def test_a_share_of_all_keys_is_below_it() -> None:
    hashes = hashes_of(pa.array([f"C{number:06d}" for number in range(20_000)]))
    assert abs(np.mean(below(hashes, 0.2)) - 0.2) < 0.01
    assert len(np.unique(hashes)) == 20_000
