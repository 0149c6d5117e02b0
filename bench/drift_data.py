"""Tables and captures for the drift benchmark: created in pieces, with constant memory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
PIECE = 1_000_000
SHIFTS = (0.1, 0.25, 0.5, 1.0, 0.05)  # of every fourth number, in standard deviations
VALUES = (3, 10, 50, 200, 1000)


def table(path: Path, rows: int, seed: int, drift: bool = False) -> Path:
    """Write a Parquet file of 20 columns of numbers and 5 of text."""
    random = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, PIECE):
        piece = _piece(min(PIECE, rows - start), random, drift)
        writer = writer or pq.ParquetWriter(path, piece.schema)
        writer.write_table(piece)
    if writer:
        writer.close()
    return path


def _piece(rows: int, random: np.random.Generator, drift: bool) -> pa.Table:
    columns: dict[str, np.ndarray] = {}
    for i in range(20):
        latent = random.standard_normal(rows) + (SHIFTS[i // 4] if drift and i % 4 == 0 else 0)
        shapes = (latent, np.exp(latent), np.round(20 + 4.5 * latent), np.square(latent))
        columns[f"number_{i}"] = shapes[i % 4]
    for j, values in enumerate(VALUES):
        shares = 1 / np.arange(1, values + 1)
        shares /= shares.sum()
        if drift and j == 0:
            shares[:2] += [-0.12, 0.12]
        names = np.array([f"v{k}" for k in range(values)])
        columns[f"text_{j}"] = names[random.choice(values, rows, p=shares)]
    return pa.table(columns)


def capture(folder: Path, rows: int) -> Path:
    """Write files of 10,000 records each, one row per record, with its prediction."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(9)
    for part in range(0, rows, 10_000):
        columns = _piece(min(10_000, rows - part), random, drift=False).to_pylist()
        lines = [_record(",".join(map(str, row.values()))) for row in columns]
        (folder / f"{part:08d}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def _record(row: str) -> str:
    def half(mode: str, data: str) -> dict[str, str]:
        return {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}

    halves = {"endpointInput": half("INPUT", row), "endpointOutput": half("OUTPUT", "0.0147")}
    event = {"eventId": "6064a091-f0fe", "inferenceTime": "2024-05-06T12:39:15Z"}
    return json.dumps({"captureData": halves, "eventMetadata": event, "eventVersion": "0"})
