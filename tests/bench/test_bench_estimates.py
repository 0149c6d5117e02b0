"""The stored study of estimated scores keeps what the documentation promises."""

from __future__ import annotations

import json

from bench.bench_estimates import BINARY, CLASSES, RESULT


def test_estimates_are_near_the_labels_and_calm_windows_do_not_warn() -> None:
    result = json.loads(RESULT.read_text())
    assert set(result["binary"]) == set(BINARY)
    assert set(result["three classes"]) == set(CLASSES)
    for kind, studies in result["binary"].items():
        for one in studies:
            unseen = "labels changed" in kind
            assert (one["mean_absolute_error"]["auc"] < 0.04) == (not unseen)
            if unseen or kind in ("no drift", "fewer positives"):
                assert one["warn"] == 0.0
    assert result["binary"]["much less sure"][1]["alert"] == 1.0
    assert result["three classes"]["less sure"][1]["alert"] == 1.0


def test_estimates_are_no_worse_than_nannymls() -> None:
    result = json.loads(RESULT.read_text())
    for studies in (result["binary"]["no drift"], result["three classes"]["no drift"]):
        for one in studies:
            for name, error in one["same_windows"]["nannyml"].items():
                assert one["same_windows"]["prodml"][name] < error + 0.005
