"""Two web processes that reach their database, Redis and the endpoint through proxies. No other process is there:
one that is not cut off would rightly take over from those that are.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from app.launch.postgresql import Server
from conversations.models import ModelEndpoint
from tests import processes
from tests.conftest import database_url
from tests.endpoint import DemonstrationEndpoint
from tests.faults import remains
from tests.faults.proxy import Proxy, Way
from tests.ports import reserved
from tests.processes import Process
from tests.settings import VALKEY_PORT

APPLICATION = f"on stage of {os.getpid()}"
"""Under which PostgreSQL knows the connections of these processes, and no other worker's."""

Outage = Callable[["Stage"], AbstractContextManager[None]]
"""Entered, the fault is there; left, it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    database: Proxy | None
    """None on SQLite, which is a file."""
    redis: Proxy
    endpoint: Proxy
    origins: tuple[str, str]
    server: Server | None
    """PostgreSQL itself, where it is nobody else's."""

    def restore(self) -> None:
        for proxy in (self.database, self.redis, self.endpoint):
            if proxy is not None:
                proxy.delay(0)
                proxy.turn(Way.PASS)
                proxy.reset()

    def answer_through_the_proxy(self) -> None:
        ModelEndpoint.objects.update(base_url=f"http://127.0.0.1:{self.endpoint.port}/v1")


@contextmanager
def built(folder: Path, endpoint: DemonstrationEndpoint, server: Server | None) -> Iterator[Stage]:
    ports = reserved(), reserved()
    database = None if connection.vendor == "sqlite" else Proxy(urlsplit(database_url()).port or 5432)
    stage = Stage(
        database=database,
        redis=Proxy(VALKEY_PORT),
        endpoint=Proxy(urlsplit(endpoint.base_url).port or 0),
        origins=(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"),
        server=server,
    )
    environ = {
        "DATABASE_URL": _through(database) if database else database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{stage.redis.port}/0",
        "PUBLIC_ORIGINS": ",".join(stage.origins),
        "PGAPPNAME": APPLICATION,
        "DJANGO_SETTINGS_MODULE": "app.settings",
    }
    webs: list[Process] = []
    try:
        for port in ports:  # one after the other, so that the first is stopped if the second does not come up
            webs.append(processes.web(port, folder, environ))
        remains.ORIGINS.update(stage.origins)
        yield stage
    finally:
        remains.ORIGINS.difference_update(stage.origins)
        stage.restore()
        for web in webs:
            web.stop()
        for proxy in (stage.database, stage.redis, stage.endpoint):
            if proxy is not None:
                proxy.stop()


def _through(proxy: Proxy) -> str:
    url = database_url()
    return url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/", 1)


# --- how a database can be away ---------------------------------------------------------------------------------------


def paused(stage: Stage) -> AbstractContextManager[None]:
    """What was sent to it is carried out at its return."""
    return _turned(stage, Way.HOLD)


def black_hole(stage: Stage) -> AbstractContextManager[None]:
    """The host is gone without a word: connections that were used meanwhile never answer any more."""
    return _turned(stage, Way.SWALLOW)


def refused(stage: Stage) -> AbstractContextManager[None]:
    """Its host is there, and nobody listens."""
    return _turned(stage, Way.REFUSE)


@contextmanager
def _turned(stage: Stage, way: Way) -> Iterator[None]:
    assert stage.database is not None
    stage.database.turn(way)
    try:
        yield
    finally:
        stage.database.turn(Way.PASS)


@contextmanager
def terminated(stage: Stage) -> Iterator[None]:
    """Every connection is ended by the server, at the beginning and at the end; in between new ones are served."""
    _terminate()
    yield
    _terminate()


def _terminate() -> None:
    with psycopg.connect(database_url(), autocommit=True) as apart:
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        apart.execute(query, [APPLICATION])


def restarted(stage: Stage) -> AbstractContextManager[None]:
    """Stopped and started again: it tells whoever is connected, and for a while whoever comes that it is starting."""
    return _without(stage, Server.stop)


def crashed(stage: Stage) -> AbstractContextManager[None]:
    """Gone without writing anything down: what was committed has to come back from its log."""
    return _without(stage, Server.crash)


@contextmanager
def _without(stage: Stage, end: Callable[[Server], None]) -> Iterator[None]:
    assert stage.server is not None
    end(stage.server)
    try:
        yield
    finally:
        stage.server.start()


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """SQLite's counterpart: somebody else writes, and does not come to an end."""
    elsewhere = sqlite3.connect(connection.settings_dict["NAME"], timeout=30, isolation_level=None)
    elsewhere.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        elsewhere.execute("ROLLBACK")
        elsewhere.close()
