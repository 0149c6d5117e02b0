"""A triggerer's event loop, alone: `waiting.py KIND SECONDS`, with each job's name and creation
on stdin.

Like Airflow's triggerer, this runs each trigger as a coroutine of one loop. It prints "waiting",
and then the name of each job whose trigger has fired, with the time.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any


def ours(name: str, created: str, seconds: float) -> Any:
    from prodml.aws.client import Aws
    from prodml.triggers.job import SageMakerTrigger

    return SageMakerTrigger(
        *("ProcessingJob", name, seconds, Aws().arguments()),
        group="bench",
        created=created,
        follow=True,
    )


def stock(name: str, _created: str, seconds: float) -> Any:
    from airflow.providers.amazon.aws.triggers.sagemaker import SageMakerTrigger

    return SageMakerTrigger(
        job_name=name, job_type="processing", waiter_delay=int(seconds), waiter_max_attempts=9999
    )


async def fired(trigger: Any, name: str) -> None:
    try:
        async for _ in trigger.run():
            break
    except Exception as error:  # noqa: BLE001 -- the stock trigger raises for a job that was stopped
        print(f"{name}: {error}", file=sys.stderr)
    print(name, time.time(), flush=True)


async def main() -> None:
    make, seconds = {"ours": ours, "stock": stock}[sys.argv[1]], float(sys.argv[2])
    jobs = [line.split() for line in sys.stdin.read().splitlines()]
    waiting = [
        asyncio.create_task(fired(make(name, created, seconds), name)) for name, created in jobs
    ]
    print("waiting", flush=True)
    await asyncio.gather(*waiting)


if __name__ == "__main__":
    asyncio.run(main())
