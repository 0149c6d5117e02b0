"""What an hour of an instance costs: a dated table, for bounds and ledgers, not for bills.

The table that is shipped, ``include/data/prices.json``, holds approximate list prices that nobody
has checked against an account. PRODML_PRICES names another file of the same form, such as one with
your region's prices, or with what your contract says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.settings import settings


@dataclass(frozen=True)
class Prices:
    """USD an hour by instance type, and the day of which they are."""

    as_of: str
    hourly: dict[str, float]
    source: Path

    def of(self, instance_type: str) -> float:
        """What an hour of *instance_type* costs."""
        if instance_type not in self.hourly:
            raise ValueError(
                f"No price is known for {instance_type!r}. Add it to {self.source}, or use one of "
                f"{', '.join(self.hourly)}."
            )
        return self.hourly[instance_type]


@cache
def prices() -> Prices:
    """The table in force."""
    return read(settings().prices)


def read(path: Path) -> Prices:
    """The table at *path*; raises ValueError for a file that is none."""
    try:
        found = json.loads(path.read_text())
        hourly = {str(kind): float(usd) for kind, usd in found["usd_per_hour"].items()}
        return Prices(str(found["as_of"]), hourly, path)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{path} is no table of prices ({error!r}). Write it as include/data/prices.json is, "
            "or unset PRODML_PRICES."
        ) from error
