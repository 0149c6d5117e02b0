"""The checks of `/_local/health`: whether the server can store its state."""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from pathlib import Path

from .accounts import Accounts
from .moto.proxy import MotoProxy


async def problems(accounts: Accounts, moto: MotoProxy) -> list[str]:
    """Return a sentence for each problem that makes requests fail."""
    checks = [moto.problem(), asyncio.to_thread(_unwritable, accounts.options.data_dir)]
    stores = [aws.store.problem() for aws in accounts.all()]
    return [problem for problem in [*await asyncio.gather(*checks), *stores] if problem]


def _unwritable(folder: Path) -> str | None:
    """Return the reason why *folder* is not writable, after a test write; else None."""
    path = folder / f".health-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as file:
            file.write(bytes(4096))
            os.fsync(file.fileno())
    except OSError as error:
        return f"Nothing can be written to {folder}: {error.strerror}. Check its disk."
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    return None
