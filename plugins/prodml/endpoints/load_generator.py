"""Requests at a steady rate, whatever the answers take: an open loop, as callers are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

KEPT_UP = 0.95  # of the asked rate; below it, answers fall behind


@dataclass(frozen=True)
class Step:
    """What came of one rate. Latencies are from the moment at which a request was due."""

    rate: float  # requests a second that were asked for
    answered: float  # and that were answered
    requests: int
    error_percent: float
    p50_ms: float
    p99_ms: float
    instances: int

    def breaks(self, max_p99_ms: float, max_error_percent: float) -> str | None:
        """Why this rate is too much; None if it is sustained."""
        if self.error_percent > max_error_percent:
            return f"{self.error_percent:.1f} % of the requests failed"
        if self.p99_ms > max_p99_ms:
            return f"p99 was {self.p99_ms:.0f} ms"
        if self.answered < KEPT_UP * self.rate:
            return f"only {self.answered:.1f} requests a second were answered"
        return None


def run_step(
    call: Callable[[], object], rate: float, seconds: float, workers: int, instances: int
) -> Step:
    """Make *rate* calls a second for *seconds*, by at most *workers* at once."""
    latencies: list[float] = []
    failures: list[Exception] = []
    began = time.monotonic()

    def one(number: int) -> None:
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            call()
        except Exception as error:  # noqa: BLE001  (whatever it was, the caller has no answer)
            failures.append(error)
        latencies.append(time.monotonic() - due)

    requests = max(1, round(rate * seconds))
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(requests)))
    took = max(time.monotonic() - began, requests / rate)
    return Step(
        rate=rate,
        answered=round((requests - len(failures)) / took, 2),
        requests=requests,
        error_percent=round(100 * len(failures) / requests, 2),
        p50_ms=percentile(latencies, 50),
        p99_ms=percentile(latencies, 99),
        instances=instances,
    )


def percentile(seconds: Sequence[float], percent: float) -> float:
    """The nearest rank, in milliseconds."""
    ordered = sorted(seconds)
    rank = max(0, -(-len(ordered) * percent // 100) - 1)
    return round(1000 * ordered[int(rank)], 1)
