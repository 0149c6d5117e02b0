"""Measure processes, in environments that hold a benchmark's peers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TIMED = """
import os, sys, time, json
began = time.monotonic()
child = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
took = time.monotonic() - began
print(json.dumps({"seconds": round(took, 2), "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
                  "peak_mb": round(used.ru_maxrss / 1024), "status": status}))
"""


def measured(*command: object) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", TIMED, *map(str, command)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    usage: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if usage.pop("status"):
        raise RuntimeError(f"{command} failed: {done.stdout}")
    return usage


def environment(folder: Path, requirements: Sequence[str]) -> Path:
    """Return the interpreter of an environment; create it once."""
    python = folder / "bin" / "python"
    if not python.exists():
        uv = ROOT / ".local" / "tools" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, *requirements], check=True
        )
    return python
