"""Read from the environment where this deployment keeps its data, and its prices.

The variables are those of the DAGs; `include/settings.py` explains them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from prodml.jobs.billing import Rates
from prodml.vocabulary import Json


def root() -> str:
    """Return the S3 address below which pipelines keep their data."""
    return f"s3://{os.environ.get('PRODML_BUCKET') or 'prodml-local'}"


def deployment() -> str:
    """Return the name of this Airflow in the tags of its resources."""
    return os.environ.get("PRODML_DEPLOYMENT") or "local"


def prices() -> Mapping[str, float]:
    """Return USD per hour by instance type; empty unless PRODML_PRICES names a table."""
    return rates().hourly_usd


def rates() -> Rates:
    """Return the prices of instances and volumes; empty unless PRODML_PRICES names a table."""
    table = _table()
    if not table:
        return Rates({})
    hourly = {str(kind): float(usd) for kind, usd in table["usd_per_hour"].items()}
    return Rates(hourly, float(table.get("usd_per_gb_month", 0.0)))


def prices_as_of() -> str:
    """Return the date of the prices; empty without a table."""
    return str(_table().get("as_of", ""))


@cache
def _table() -> Json:
    file = os.environ.get("PRODML_PRICES")
    table: Json = json.loads(Path(file).read_text()) if file else {}
    return table
