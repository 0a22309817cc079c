"""Connections over a real network: kept, used again, lost, and never shared."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from conversations.inference.errors import BadStream, ConnectFailed, UpstreamReset
from conversations.inference.transport.address import Origin
from conversations.inference.transport.pool import Pool
from tests.conversations.inference.transport.line import ANSWER, Serve, Server, Talk, answering, once, serving

REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


@asynccontextmanager
async def pool_to(server: Server, *, host: str = "127.0.0.1", idle_s: float = 60.0) -> AsyncIterator[Pool]:
    pool = Pool(Origin(scheme="http", host=host, port=server.port), idle_s=idle_s)
    try:
        yield pool
    finally:
        pool.close()


async def ask(pool: Pool, request: bytes = REQUEST) -> bytes:
    response = await pool.send(request, connect_s=30)
    try:
        return await response.content(at_most=1 << 20)
    finally:
        await response.close()


async def test_one_after_the_other_takes_one_connection() -> None:
    async with serving(answering()) as server, pool_to(server) as pool:
        for _ in range(5):
            assert await ask(pool) == b"hello"

        assert server.accepted == 1


async def test_two_at_once_never_share_one() -> None:
    both_asked = asyncio.Barrier(2)

    async def serve(talk: Talk) -> None:
        path = (await talk.request()).split()[1]
        await both_asked.wait()
        await talk.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" + path)

    async with serving(serve) as server, pool_to(server) as pool:
        answers = await asyncio.gather(*(ask(pool, b"GET %b HTTP/1.1\r\n\r\n" % path) for path in (b"/a", b"/b")))

        assert answers == [b"/a", b"/b"]
        assert server.accepted == 2


async def test_closed_twice_a_response_gives_nothing_back_twice() -> None:
    async with serving(answering()) as server, pool_to(server) as pool:
        first = await pool.send(REQUEST, connect_s=30)
        await first.content(at_most=100)
        await first.close()
        await first.close()
        second = await pool.send(REQUEST, connect_s=30)
        await first.close()

        assert await ask(pool) == b"hello"
        assert await second.content(at_most=100) == b"hello"
        await second.close()
        assert server.accepted == 2


async def test_closed_by_the_endpoint_while_idle_it_is_replaced() -> None:
    async with serving(once(ANSWER)) as server, pool_to(server) as pool:
        for _ in range(3):
            assert await ask(pool) == b"hello"
            await server.until_open(0)

        assert server.accepted == 3


def closing_at_request(number: int, last_words: bytes = b"") -> Serve:
    async def serve(talk: Talk) -> None:
        for _ in range(number - 1):
            await talk.request()
            await talk.answer(ANSWER)
        await talk.request()
        await talk.answer(last_words)

    return serve


async def test_closed_in_the_moment_of_its_next_use_the_request_goes_over_a_new_one() -> None:
    async with serving(closing_at_request(2)) as server, pool_to(server) as pool:
        assert [await ask(pool), await ask(pool)] == [b"hello", b"hello"]
        assert server.accepted == 2


async def test_a_new_connection_that_breaks_is_not_tried_again() -> None:
    async with serving(closing_at_request(1)) as server, pool_to(server) as pool:
        with pytest.raises(UpstreamReset):
            await ask(pool)

        assert server.accepted == 1


async def test_a_request_of_which_anything_was_answered_is_not_sent_again() -> None:
    async with serving(closing_at_request(2, b"HTTP/1.1 2")) as server, pool_to(server) as pool:
        assert await ask(pool) == b"hello"
        with pytest.raises(UpstreamReset):
            await ask(pool)

        assert server.accepted == 1


@pytest.mark.parametrize(
    "response",
    [ANSWER + b"garbage", ANSWER.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), ANSWER + ANSWER],
    ids=["garbage follows", "connection: close", "a second response follows"],
)
async def test_a_connection_that_cannot_be_trusted_is_closed(response: bytes) -> None:
    async with serving(answering(response)) as server, pool_to(server) as pool:
        assert [await ask(pool), await ask(pool)] == [b"hello", b"hello"]
        await server.until_open(0)

        assert server.accepted == 2


async def test_words_between_two_requests_end_the_connection() -> None:
    is_whole = asyncio.Event()

    async def serve(talk: Talk) -> None:
        await talk.request()
        await talk.answer(ANSWER)
        await is_whole.wait()
        await talk.answer(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        await talk.until_left()

    async with serving(serve) as server, pool_to(server) as pool:
        assert await ask(pool) == b"hello"
        is_whole.set()
        await server.until_open(0)
        assert await ask(pool) == b"hello"


async def test_a_half_closed_connection_that_answers_is_heard() -> None:
    async def serve(talk: Talk) -> None:
        await talk.request()
        await talk.answer(b"HTTP/1.1 200 OK\r\n\r\nhello")
        talk.half_close()
        await talk.until_left()

    async with serving(serve) as server, pool_to(server) as pool:
        assert await ask(pool) == b"hello"
        await server.until_open(0)


async def test_a_body_that_is_left_closes_its_connection() -> None:
    async def serve(talk: Talk) -> None:
        await talk.request()
        await talk.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello")
        await talk.until_left()

    async with serving(serve) as server, pool_to(server) as pool:
        response = await pool.send(REQUEST, connect_s=30)
        assert await response.read() == b"hello"
        await response.close()

        await server.until_open(0)


async def test_a_connection_expires_when_nobody_uses_it() -> None:
    async with serving(answering()) as server, pool_to(server, idle_s=0.001) as pool:
        assert await ask(pool) == b"hello"

        await server.until_open(0)


async def test_a_closed_pool_keeps_nothing() -> None:
    async with serving(answering()) as server, pool_to(server) as pool:
        await ask(pool)
        response = await pool.send(REQUEST, connect_s=30)
        pool.close()
        assert await response.content(at_most=100) == b"hello"
        await response.close()

        await server.until_open(0)


async def test_two_hundred_cancelled_calls_leave_no_connection() -> None:
    """At every step of a call: some while dialling, some before an answer, some within one."""

    async def serve(talk: Talk) -> None:
        await talk.request()
        await talk.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello")
        await talk.until_left()

    async def cancelled_after(pool: Pool, steps: int) -> None:
        task = asyncio.create_task(ask(pool))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    before = asyncio.all_tasks()
    async with serving(serve) as server, pool_to(server) as pool:
        for number in range(100):
            await cancelled_after(pool, number % 40)
        await asyncio.gather(*(cancelled_after(pool, number % 40) for number in range(100)))
        last = await pool.send(REQUEST, connect_s=30)  # accepted after all the others
        await last.close()
        await server.until_open(0)

    assert asyncio.all_tasks() == before


async def test_a_refused_connection_says_so_without_an_address() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # taken, so that nobody else listens there
        port = deaf.getsockname()[1]
        pool = Pool(Origin(scheme="http", host="127.0.0.1", port=port))

        with pytest.raises(ConnectFailed) as raised:
            await pool.send(REQUEST, connect_s=30)

    assert "refused" in raised.value.detail
    assert str(port) not in raised.value.detail
    assert "127" not in raised.value.detail


async def test_what_does_not_become_a_connection_in_time_is_none() -> None:
    async with serving(Talk.until_left) as server:
        pool = Pool(Origin(scheme="https", host="127.0.0.1", port=server.port))

        with pytest.raises(ConnectFailed, match=r"within 0\.05 s"):
            await pool.send(REQUEST, connect_s=0.05)

        await server.until_open(0)


async def test_a_compressed_answer_leaves_its_connection_too() -> None:
    packed = gzip.compress(b"hello")
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
    async with serving(answering(head + packed)) as server, pool_to(server) as pool:
        assert [await ask(pool), await ask(pool)] == [b"hello", b"hello"]
        assert server.accepted == 1


async def test_an_unknown_compression_is_refused_and_closed() -> None:
    async with (
        serving(answering(ANSWER.replace(b"OK", b"OK\r\ncontent-encoding: br"))) as server,
        pool_to(server) as pool,
    ):
        with pytest.raises(BadStream):
            await ask(pool)

        await server.until_open(0)


async def test_an_ipv6_address() -> None:
    async with serving(answering(), host="::1") as server, pool_to(server, host="::1") as pool:
        assert await ask(pool) == b"hello"
