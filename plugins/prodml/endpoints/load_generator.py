"""Send requests at a steady rate, independent of the responses: an open loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

KEPT_UP = 0.95  # of the target rate; below it, the endpoint falls behind


@dataclass(frozen=True)
class Step:
    """The result of one rate. Latencies are measured from the moment when a request was due."""

    rate: float  # target, in requests per second
    answered: float  # requests per second that were answered
    requests: int
    error_percent: float
    p50_ms: float
    p99_ms: float
    instances: int

    def breaks(self, max_p99_ms: float, max_error_percent: float) -> str | None:
        """Return why the rate is not sustained, or None."""
        if self.error_percent > max_error_percent:
            return f"{self.error_percent:.1f} % of the requests failed"
        if self.p99_ms > max_p99_ms:
            return f"p99 was {self.p99_ms:.0f} ms"
        if self.answered < KEPT_UP * self.rate:
            return f"only {self.answered:.1f} requests per second were answered"
        return None


def run_step(
    call: Callable[[], object], rate: float, seconds: float, workers: int, instances: int
) -> Step:
    """Make *rate* calls per second for *seconds*, at most *workers* at once."""
    latencies: list[float] = []
    failures: list[Exception] = []
    began = time.monotonic()

    def one(number: int) -> None:
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            call()
        except Exception as error:  # noqa: BLE001  (any error counts as a failed request)
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
    """Return the percentile by nearest rank, in milliseconds."""
    ordered = sorted(seconds)
    rank = max(0, -(-len(ordered) * percent // 100) - 1)
    return round(1000 * ordered[int(rank)], 1)
