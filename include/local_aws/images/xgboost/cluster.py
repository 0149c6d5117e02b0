"""Several instances that train one model: XGBoost's own collective, the tracker on the first."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator

import xgboost as xgb
from paths import CONFIG
from xgboost.tracker import RabitTracker

RETRIES = 60  # tries of an instance to reach the tracker, which may start later than it does


@contextlib.contextmanager
def together() -> Iterator[bool]:
    """Join the other instances; yields whether this is the one that reports and saves."""
    resources = json.loads((CONFIG / "resourceconfig.json").read_text())
    hosts = resources["hosts"]
    if len(hosts) == 1:
        yield True
        return
    address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    first = resources["current_host"] == hosts[0]
    if first:
        tracker = RabitTracker(host_ip=address, n_workers=len(hosts), port=port)
        _start(tracker, len(hosts))
    meeting = {"dmlc_tracker_uri": address, "dmlc_tracker_port": port, "dmlc_retry": RETRIES}
    with xgb.collective.CommunicatorContext(**meeting):
        yield first


def _start(tracker: RabitTracker, workers: int) -> None:
    """Since XGBoost 2.1 the tracker knows how many there are."""
    if xgb.__version__ < "2.1":
        tracker.start(workers)
    else:
        tracker.start()
