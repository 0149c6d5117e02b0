"""Run one benchmark in a temporary folder; print and store its figures."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".local" / "bench"


def report(measured: Callable[[Path], dict[str, Any]], result: Path) -> None:
    """Write the value of *measured* to *result*, as JSON."""
    HOME.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=HOME))
    try:
        text = json.dumps(measured(folder), indent=2)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result.parent.mkdir(parents=True, exist_ok=True)
    result.write_text(text + "\n")
    print(text)
