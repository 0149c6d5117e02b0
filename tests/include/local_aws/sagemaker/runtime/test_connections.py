from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.sagemaker.runtime.connections import (
    ConnectionLostError,
    Invocation,
    Pool,
    Response,
)


class Script:
    """A process that answers each connection by the next of its lines, then hangs up."""

    def __init__(self, *answers: list[bytes]) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.members: dict[str, Any] = {}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = self.answers[self.connections]
        self.connections += 1
        for answer in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-l")), 0
            )
            await reader.readexactly(length)
            writer.write(answer)
            await writer.drain()
        writer.close()

    def run(self, times: int = 1) -> list[Response]:
        """Return the responses to *times* requests, one after the other."""

        async def post() -> list[Response]:
            server = await asyncio.start_server(self.handle, "127.0.0.1", 0)
            pool = Pool(*server.sockets[0].getsockname()[:2])
            try:
                invocation = Invocation([(b"accept", b"text/csv")], b"1,2", **self.members)
                return [await pool.post(invocation) for _ in range(times)]
            finally:
                pool.close()
                server.close()

        return asyncio.run(post())


def _answer(body: bytes, *fields: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"content-length: %d" % len(body), *fields, b"", body]
    return b"\r\n".join(lines)


def test_answers_share_one_connection() -> None:
    script = Script([_answer(b"a"), _answer(b"b")])
    assert [response.body for response in script.run(2)] == [b"a", b"b"]
    assert script.connections == 1


def test_connection_that_is_closed_after_an_answer_is_not_used_again() -> None:
    script = Script([_answer(b"a", b"connection: close")], [_answer(b"b")])
    assert [response.body for response in script.run(2)] == [b"a", b"b"]
    assert script.connections == 2


def test_answer_without_a_length_ends_with_the_connection() -> None:
    (response,) = Script([b"HTTP/1.1 200 OK\r\n\r\nall of it"]).run()
    assert response.body == b"all of it"


@pytest.mark.parametrize(
    ("response", "answering"),
    [(b"", False), (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab", True)],
)
def test_a_closed_connection_shows_whether_the_response_had_begun(
    response: bytes, answering: bool
) -> None:
    with pytest.raises(ConnectionLostError) as caught:
        Script([response]).run()
    assert caught.value.answering is answering


def test_nonsense_counts_as_a_lost_connection() -> None:
    with pytest.raises(ConnectionLostError):
        Script([b"this is not HTTP\r\n\r\n"]).run()


def test_response_ends_after_its_limit() -> None:
    """A model that never stops sending must not fill the memory."""
    endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"3\r\nabc\r\n" * 5
    script = Script([endless])
    script.members = {"limit": 7}
    (response,) = script.run()
    assert response.body == b"abcabcabc"


def test_pieces_of_a_good_response_are_streamed() -> None:
    chunks = b"HTTP/1.1 %s\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    pieces: list[bytes] = []
    script = Script([chunks % b"200 OK"], [chunks % b"500 Error"])
    script.members = {"stream": lambda headers, piece: pieces.append(piece)}
    assert [response.body for response in script.run()] == [b"abc"]
    assert pieces == [b"ab", b"c"]
    script.answers = [[chunks % b"500 Error"]]
    script.connections = 0
    assert [response.status for response in script.run()] == [500]
    assert pieces == [b"ab", b"c"]
