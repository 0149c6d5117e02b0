"""A gigabyte through S3: throughput, and the memory of the embedded AWS."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import ROOT, report
from include.local_aws.testing import Server, running_server

RESULT = ROOT / "bench" / "results" / "objects.json"
SIZE = int(os.environ.get("BENCH_OBJECT_MB", "1024")) << 20
CHUNK = 8 << 20


class Peak(threading.Thread):
    """Watches the resident memory of the server and its children."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        root = psutil.Process(server.process.pid)
        self._family = [root, *root.children(recursive=True)]
        self._ended = threading.Event()
        self.before = self._now()
        self.highest = self.before

    def run(self) -> None:
        while not self._ended.wait(0.02):
            self.highest = max(self.highest, self._now())

    def end(self) -> dict[str, int]:
        self._ended.set()
        self.join()
        return {"before_mb": self.before >> 20, "peak_mb": self.highest >> 20}

    def _now(self) -> int:
        return sum(int(member.memory_info().rss) for member in self._family)


def measured(folder: Path) -> dict[str, Any]:
    source, target = folder / "source", folder / "target"
    with source.open("wb") as file:
        for _ in range(SIZE // CHUNK):
            file.write(os.urandom(CHUNK))
    report: dict[str, Any] = {"object_mb": SIZE >> 20, "load_average": os.getloadavg()[0]}
    with running_server(folder / "aws") as server:
        s3 = server.client("s3", s3={"addressing_style": "path"})
        s3.create_bucket(Bucket="bench")
        moves: dict[str, Callable[[], None]] = {
            "upload": lambda: s3.upload_file(str(source), "bench", "object"),
            "download": lambda: s3.download_file("bench", "object", str(target)),
        }
        for name, move in moves.items():
            peak = Peak(server)
            peak.start()
            began = time.perf_counter()
            move()
            seconds = time.perf_counter() - began
            report[name] = peak.end() | {"mb_per_second": round((SIZE >> 20) / seconds)}
        if target.stat().st_size != SIZE:
            raise RuntimeError(f"{target.stat().st_size} bytes were read of {SIZE}.")
    return report


if __name__ == "__main__":
    report(measured, RESULT)
