"""The wine data's columns: measurements, and the cultivar."""

from __future__ import annotations

from ..tabular.schema import Schema

SCHEMA = Schema(
    key="bottle_id",
    label="cultivar",
    labels={
        "barbera": 0,
        "barolo": 1,
        "grignolino": 2,
    },
    numbers=(
        "alcohol",
        "malic_acid",
        "ash",
        "alcalinity_of_ash",
        "magnesium",
        "total_phenols",
        "flavanoids",
        "nonflavanoid_phenols",
        "proanthocyanins",
        "color_intensity",
        "hue",
        "od280_od315",
        "proline",
    ),
)
