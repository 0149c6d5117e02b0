"""What the embedded AWS was told on its command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Sandbox = Literal["auto", "bubblewrap", "none"]


@dataclass(frozen=True)
class Options:
    """Immutable after the start; `time_scale` divides waiting and nothing else."""

    host: str = "127.0.0.1"
    port: int = 4566
    data_dir: Path = Path(".local/aws")
    cache_dir: Path = Path(".local/images")
    time_scale: float = 1.0
    sandbox: Sandbox = "auto"
    account: str = "000000000000"
    region: str = "us-east-1"

    @property
    def url(self) -> str:
        """Where jobs and endpoint processes on this machine reach the server."""
        return f"http://127.0.0.1:{self.port}"
