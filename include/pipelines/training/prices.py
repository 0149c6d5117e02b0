"""Read prices of instances from a dated table, for budgets and ledgers, not for bills.

The table that is shipped, ``include/data/prices.json``, holds approximate list prices, not
checked against an account. PRODML_PRICES names another file of the same form, such as one with your
region's or your contract's prices.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from include.settings import settings


@dataclass(frozen=True)
class Prices:
    """Prices in USD per hour by instance type, per gigabyte and month of volumes, their date."""

    as_of: str
    hourly: dict[str, float]
    source: Path
    storage: float = 0.0

    def of(self, instance_type: str) -> float:
        """Return the price of one hour of *instance_type*."""
        if instance_type not in self.hourly:
            raise ValueError(
                f"No price for {instance_type!r}. Add it to {self.source}, or use one of "
                f"{', '.join(self.hourly)}."
            )
        return self.hourly[instance_type]


@cache
def prices() -> Prices:
    """Return the prices of this process."""
    return read(settings().prices)


def read(path: Path) -> Prices:
    """Read the table at *path*; raise ValueError for an invalid file."""
    try:
        table = json.loads(path.read_text())
        hourly = {str(kind): float(usd) for kind, usd in table["usd_per_hour"].items()}
        storage = float(table.get("usd_per_gb_month", 0.0))
        return Prices(str(table["as_of"]), hourly, path, storage)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{path} is not a price table ({error!r}). Write it like include/data/prices.json, "
            "or unset PRODML_PRICES."
        ) from error
