"""Records of houses: numbers, a flag, and categories of words and of digits."""

from __future__ import annotations

from include.jobs.tabular.schema import Schema

SCHEMA = Schema(
    key="id",
    label="sold",
    labels={"no": 0, "yes": 1},
    numbers=("price", "rooms"),
    flags=("garden",),
    categories={"town": ("Ulm", "Bern"), "zone": ("1", "2")},
)
MEDIANS = {"price": 100.5, "rooms": 3.0}
RECORD = {"price": 12.5, "rooms": 4, "garden": "yes", "town": "Bern", "zone": "1"}
ENCODED = "12.5,4,1,0,1,1,0"
