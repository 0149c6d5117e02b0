"""Send an event to all receivers; a receiver that is down costs a warning and a few seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from prodml.notifications.events import Event
from prodml.notifications.message import Message, Source
from prodml.notifications.receivers import Receiver, receivers

log = logging.getLogger(__name__)
LONGEST = 10.0  # seconds for all receivers together; Airflow ends a task's process after 20


def send(event: Event, source: Source) -> None:
    """Send *event* once to each receiver; never raise."""
    if everyone := receivers():
        _send(Message.of(event, source), everyone)


def send_once(event: Event, context: Mapping[str, Any]) -> None:
    """Send *event* of a task that is still running, unless an earlier try has sent it.

    Airflow 3.3 keeps a task's state over its tries; before that, each try sends.
    """
    ti, store = context["ti"], context.get("task_state_store")
    key = f"sent-{event.name}"
    # A clear by a person raises the maximum of tries, and sends again; a retry does not.
    if store is not None and store.get(key) == ti.max_tries:
        log.info("An earlier try has sent %r", event.title)
        return
    send(event, Source.of(ti))
    if store is not None:
        store.set(key, ti.max_tries)


def _send(message: Message, everyone: Sequence[Receiver]) -> None:
    threads = {
        receiver: threading.Thread(target=_deliver, args=(receiver, message), daemon=True)
        for receiver in everyone
    }
    for thread in threads.values():
        thread.start()
    end = time.monotonic() + LONGEST
    for receiver, thread in threads.items():
        thread.join(max(0.0, end - time.monotonic()))
        if thread.is_alive():
            log.warning("%s did not take %r in %.0f s", receiver, message.subject, LONGEST)


def _deliver(receiver: Receiver, message: Message) -> None:
    try:
        # Not by a call of the notifier, which would render the message as a template.
        receiver.notifier(message).notify({})
    except Exception as error:  # noqa: BLE001 -- a notification must not fail what it is about
        log.warning("Could not send %r to %s: %s", message.subject, receiver, error)
    else:
        log.info("Sent %r to %s", message.subject, receiver)
