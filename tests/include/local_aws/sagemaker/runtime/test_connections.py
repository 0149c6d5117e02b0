from __future__ import annotations

import asyncio

import pytest

from include.local_aws.sagemaker.runtime.connections import ConnectionLostError, Pool, Response


class Script:
    """A process that answers each connection by the next of its lines, then hangs up."""

    def __init__(self, *answers: list[bytes]) -> None:
        self.answers = list(answers)
        self.connections = 0

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
                return [await pool.post([(b"accept", b"text/csv")], b"1,2") for _ in range(times)]
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
