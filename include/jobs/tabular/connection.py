"""Exchange messages between two instances of a job, each of which notices the loss of the other.

A message is JSON, or an array of hashes. Both sides say every few seconds that they are alive.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from .hashing import Hashes

BEAT = 5.0  # seconds between two signs of life
SILENCE = 60.0  # seconds without any after which an instance is lost
LARGEST = 1 << 30  # bytes of a message
HEADER = struct.Struct(">cQ")
JSON, HASHES, ALIVE = b"J", b"H", b"A"
Json = dict[str, Any]
Message = Json | Hashes


class Lost(ValueError):
    """Raised if another instance has failed, has ended or cannot be reached."""

    def __init__(self, instance: str, reason: str) -> None:
        super().__init__(
            f"Instance {instance} was lost: {reason}. The job needs all of its instances: read the "
            "log of that one, and start the job again."
        )


class Connection:
    """A connection to *peer*, another instance; several threads may send."""

    def __init__(self, connected: socket.socket, peer: str, silence: float = SILENCE) -> None:
        self._socket = connected
        self.introduce(peer, silence)
        self._sending = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def introduce(self, peer: str, silence: float = SILENCE) -> None:
        """Name the other instance, and set how long it may say nothing."""
        self.peer, self._silence = peer, silence
        self._socket.settimeout(silence)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say why this instance fails, if it does, and close."""
        if error and not isinstance(error, Lost):
            self.send({"failed": f"{type(error).__name__}: {error}"})
        self.close()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a document; raise Lost."""
        self._send(JSON, json.dumps(message).encode())

    def send_hashes(self, hashes: Hashes) -> None:
        """Send an array of hashes; raise Lost."""
        self._send(HASHES, hashes.astype("<u8").tobytes())

    def receive(self) -> Message:
        """Return the next message; raise Lost without a sign of life."""
        while True:
            kind, size = HEADER.unpack(self._received(HEADER.size))
            if size > LARGEST:
                raise Lost(self.peer, f"it announced a message of {size} bytes")
            content = self._received(size)
            if kind == HASHES:
                return np.frombuffer(content, "<u8").astype(np.uint64)
            if kind == JSON:
                message: Json = json.loads(content)
                return message

    def receive_json(self) -> Json:
        """Return the next message, a document; raise Lost."""
        message = self.receive()
        if not isinstance(message, dict):
            raise Lost(self.peer, "it sent hashes in place of a document")
        return message

    def drain(self, deadline: float) -> None:
        """Read until the other side closes, since it has then received everything."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while (left := deadline - time.monotonic()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(1 << 16):
                    return
        except OSError:
            return

    def close(self) -> None:
        self._closed.set()
        self._socket.close()

    def _send(self, kind: bytes, content: bytes) -> None:
        try:
            with self._sending:
                self._socket.sendall(HEADER.pack(kind, len(content)) + content)
        except OSError as error:
            raise self._lost(error) from None

    def _received(self, size: int) -> bytes:
        content = bytearray()
        try:
            while len(content) < size:
                part = self._socket.recv(min(size - len(content), 1 << 20))
                if not part:
                    raise Lost(self.peer, "it ended or closed its connection")
                content += part
        except OSError as error:
            raise self._lost(error) from None
        return bytes(content)

    def _lost(self, error: OSError) -> Lost:
        if isinstance(error, TimeoutError):
            return Lost(self.peer, f"it said nothing for {self._silence:.0f} seconds")
        return Lost(self.peer, f"its connection broke ({error})")

    def _beat(self) -> None:
        while not self._closed.wait(BEAT):
            try:
                self._send(ALIVE, b"")
            except Lost:
                return  # the thread that waits for a message says so
