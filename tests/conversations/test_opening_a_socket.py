"""Who gets a socket: the page of this product, for a person who is signed in."""

import asyncio
import contextlib
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed

from app.accounts.models import User
from conversations import takeover
from conversations.consumers import Visitor, chat
from conversations.database import in_database
from conversations.live import Live
from conversations.protocol import Pong, Welcome, decode_server
from conversations.socket import Message
from tests.conftest import session_of
from tests.conversations.knocking import close_code, knock, refused_with
from tests.tab import Tab

OpenTab = Callable[[User], Tab]


async def test_a_person_is_welcomed_by_name(tab_of: OpenTab, wang: User) -> None:
    async with tab_of(wang) as tab:
        welcome = tab.frames[0]
    assert isinstance(welcome, Welcome)
    assert (welcome.user.email, welcome.user.name, welcome.user.locale) == ("wang@example.com", "Wang", "en")
    assert welcome.active == []


async def test_a_visitor_is_told_that_they_are_signed_out(web: str) -> None:
    """Accepted, then closed: a browser shows scripts no status of a refused handshake."""
    async with knock(web, origin=web) as socket:
        assert await close_code(socket) == 4401


@pytest.mark.parametrize("session", ["0" * 32, "';--", "../../etc"])
async def test_a_made_up_session_is_signed_out(web: str, session: str) -> None:
    async with knock(web, origin=web, session=session) as socket:
        assert await close_code(socket) == 4401


async def test_a_deactivated_person_is_signed_out(web: str, li: User) -> None:
    session = await in_database(session_of, li)
    li.is_active = False
    await in_database(li.save)
    async with knock(web, origin=web, session=session) as socket:
        assert await close_code(socket) == 4401


async def test_what_a_visitor_sends_reaches_nothing(web: str) -> None:
    async with knock(web, origin=web) as socket:
        try:
            await socket.send('{"type":"ping"}')
            answers = [frame async for frame in socket]
        except ConnectionClosed:
            answers = []
    assert answers == []


@pytest.fixture
def other_origins(web: str) -> dict[str, str | None]:
    port = urlsplit(web).port
    return {
        "another host": f"http://evil.example:{port}",
        "another name of the same host": f"http://localhost:{port}",
        "another scheme": f"https://127.0.0.1:{port}",
        "another port": "http://127.0.0.1:9",
        "no port": "http://127.0.0.1",
        "a host that begins like ours": f"http://127.0.0.1.evil.example:{port}",
        "ours in a user's place": f"http://127.0.0.1:{port}@evil.example",
        "a sandboxed page": "null",
        "no page": None,
        "nothing": "",
        "a file": "file://",
        "no origin at all": "*",
    }


async def test_only_our_own_page_may_connect(web: str, li: User, other_origins: dict[str, str | None]) -> None:
    session = await in_database(session_of, li)
    answers = {name: await refused_with(web, origin=origin, session=session) for name, origin in other_origins.items()}
    assert answers == dict.fromkeys(other_origins, 403)
    assert await refused_with(web, origin=web, session=session) == 101


@pytest.mark.parametrize("raw", ["not json", "", "{", b'{"type":"ping"}', b"\x00\xff"], ids=repr)
async def test_what_is_no_frame_closes_the_socket(tab_of: OpenTab, li: User, raw: str | bytes) -> None:
    async with tab_of(li) as tab:
        await tab.raw(raw)
        assert await tab.until_closed() == 4400


@pytest.mark.fault("F21")
async def test_a_frame_over_the_limit_closes_the_socket(tab_of: OpenTab, li: User) -> None:
    """By the server itself, before it is a message: 1009 is WebSocket's own word for too large."""
    async with tab_of(li) as tab:
        await tab.raw('{"type":"ping","a":"' + "x" * 262_144 + '"}')
        assert await tab.until_closed() == 1009


@pytest.mark.fault("F21")
async def test_a_frame_of_seventeen_megabytes_leaves_the_others_in_peace(tab_of: OpenTab, li: User, wang: User) -> None:
    async with tab_of(li) as rude, tab_of(wang) as quiet:
        with contextlib.suppress(ConnectionClosed):
            await rude.raw("[" * (17 << 20))
        assert await rude.until_closed() == 1009
        await quiet.say("ping")
        await quiet.until(lambda: [frame for frame in quiet.frames if isinstance(frame, Pong)])


@pytest.mark.fault("F21")
async def test_nested_json_is_an_invalid_frame_and_the_socket_stays(tab_of: OpenTab, li: User) -> None:
    async with tab_of(li) as tab:
        already = len(tab.frames)
        await tab.raw('{"type":"send","options":' + '{"a":' * 20_000 + "1" + "}" * 20_001)
        await tab.until(lambda: tab.frames[already:])
        await tab.say("ping")
        await tab.until(lambda: [frame for frame in tab.frames if isinstance(frame, Pong)])


async def test_an_idle_socket_is_one_task_and_nothing_that_waits(li: User) -> None:
    """The server's own: counted beneath the server, ten sockets in one process."""
    live = Live(take_over=takeover.take_over, redis_url=settings.REDIS_URL)
    pages: list[asyncio.Queue[Message]] = [asyncio.Queue() for _ in range(10)]
    welcomed: asyncio.Queue[str] = asyncio.Queue()

    async def send(message: Message) -> None:
        if message["type"] == "websocket.send":
            welcomed.put_nowait(message["text"])

    before = asyncio.all_tasks()
    tasks = {asyncio.create_task(chat(live, Visitor(li, f"{n}"), page.get, send)) for n, page in enumerate(pages)}
    for page in pages:
        page.put_nowait({"type": "websocket.connect"})
    for _ in tasks:
        assert isinstance(decode_server(await welcomed.get()), Welcome)
    assert asyncio.all_tasks() - before == tasks
    for page in pages:
        page.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await asyncio.gather(*tasks)
    assert asyncio.all_tasks() == before
