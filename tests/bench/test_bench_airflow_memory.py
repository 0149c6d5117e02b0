"""The peaks of processes and tasks, and what they grow by."""

from __future__ import annotations

import os

import psutil

from bench.airflow_memory import high_water_mark
from bench.bench_airflow_memory import figures, named


def test_peaks_are_named_by_task_and_grow_from_the_first_run_to_the_last() -> None:
    names = {"1": "retrain.train", "2": "retrain.train", "scheduler": "scheduler"}
    peaks = [{"1": 90.0, "2": 95.4, "scheduler": 200.0, "of another run": 999.0}, {"1": 147.0}]
    runs = [{"peak_mb": named(peak, names)} for peak in peaks]
    assert runs[0]["peak_mb"] == {"retrain.train": 95, "scheduler": 200}
    assert figures(runs)["growth_mb"] == {"retrain.train": 52}
    assert list(figures(runs)["claims"].values()) == [False]


def test_the_high_water_mark_of_a_process_is_at_least_its_memory() -> None:
    assert high_water_mark(os.getpid()) >= psutil.Process().memory_info().rss / (1 << 20) - 1
