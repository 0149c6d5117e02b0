"""Several instances of one training job; two that really train are in `test_train.py`."""

from __future__ import annotations

import json

from include.local_aws.core.processes import free_port
from tests.include.local_aws.images.interpreter import Interpreter

HOSTS = {"hosts": ["algo-1"], "current_host": "algo-1"}


def test_a_single_instance_reports_without_a_tracker(xgboost: Interpreter) -> None:
    config = xgboost.base / "input" / "config" / "resourceconfig.json"
    config.write_text(json.dumps(HOSTS))
    code = "from cluster import together\nwith together() as first:\n    answer = first"
    assert xgboost.run(code) is True


def test_a_peer_waits_for_the_first_instance_and_gets_its_tracker(xgboost: Interpreter) -> None:
    """The peer connects before the first instance listens."""
    code = """
import threading, cluster
received = []
def visit():
    with cluster._joining(("127.0.0.1", port)) as arguments:
        received.append(arguments)
guest = threading.Thread(target=visit)
guest.start()
with cluster._hosting(("127.0.0.1", port), 2) as arguments:
    guest.join(20)
answer = [received == [arguments], sorted(arguments)]
"""
    same, names = xgboost.run(code, port=free_port())
    assert same
    assert any("tracker_uri" in name for name in names)
