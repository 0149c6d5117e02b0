"""A program of the shell in the place of uv."""

from __future__ import annotations

from pathlib import Path

import pytest

LAST = 'for word; do last="$word"; done\n'  # the last argument: the folder of `uv venv`


def use_as_uv(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Run *code* of the shell instead of uv; the program is written into *folder*."""
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\n{code}")
    program.chmod(0o755)
    monkeypatch.setenv("PRODML_UV", str(program))
