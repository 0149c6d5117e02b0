"""The exact largest gap between distribution functions, column by column, with no sketch."""

from __future__ import annotations

import sys

import polars as pl


def gap(reference: pl.LazyFrame, current: pl.LazyFrame, name: str, numeric: bool) -> float:
    one, other = (
        frame.select(name).group_by(name).len(name=side)
        for frame, side in ((reference, "a"), (current, "b"))
    )
    both = one.join(other, on=name, how="full", coalesce=True).fill_null(0).sort(name)
    shares = [pl.col(side) / pl.col(side).sum() for side in ("a", "b")]
    if numeric:
        shares = [share.cum_sum() for share in shares]
    return float(both.select((shares[0] - shares[1]).abs().max()).collect().item())


reference, current = (pl.scan_parquet(path) for path in sys.argv[1:3])
schema = reference.collect_schema()
print({name: gap(reference, current, name, kind.is_numeric()) for name, kind in schema.items()})
