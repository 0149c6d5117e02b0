"""The search for an interpreter of an image's version of Python."""

from __future__ import annotations

import asyncio
import sys

from include.local_aws.containers.interpreters import interpreter


def test_the_servers_own_interpreter_is_preferred() -> None:
    own = ".".join(map(str, sys.version_info[:2]))
    assert asyncio.run(interpreter(own)) == sys.executable


def test_a_version_that_is_not_there_has_no_interpreter() -> None:
    assert asyncio.run(interpreter("3.3")) is None
