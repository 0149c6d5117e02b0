"""What `/_local/health` answers: whether the server can keep what it is given."""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from pathlib import Path

from .accounts import Accounts
from .moto.proxy import MotoProxy


async def problems(accounts: Accounts, moto: MotoProxy) -> list[str]:
    """Return a sentence about each thing that keeps requests from being answered."""
    found = [moto.problem(), asyncio.to_thread(_unwritable, accounts.options.data_dir)]
    stores = [aws.store.problem() for aws in accounts.all()]
    return [problem for problem in [*await asyncio.gather(*found), *stores] if problem]


def _unwritable(folder: Path) -> str | None:
    """Return why nothing can be written to *folder*, after having tried."""
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
