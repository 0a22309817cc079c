"""A PostgreSQL server of one module's own, to be ended and started again while other workers go on with theirs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from app.launch import postgresql
from app.launch.layout import HERE
from app.launch.postgresql import Server
from conversations import database
from tests.conftest import database_url
from tests.ports import reserved
from tests.processes import ROOT

NAME = "shiyong"


@contextmanager
def serving() -> Iterator[Server]:
    """This process, and whoever is started with ``database_url()``, keep everything there meanwhile."""
    with postgresql.serving(HERE, postgresql.SAFE, port=reserved()) as server:
        with psycopg.connect(f"{server.url.rpartition('/')[0]}/postgres", autocommit=True) as anywhere:
            anywhere.execute(f'CREATE DATABASE "{NAME}"')
        with _moved_to(server):
            _migrate()
            yield server


@contextmanager
def _moved_to(server: Server) -> Iterator[None]:
    """Without a pool, which would keep connections to a server that is gone."""
    used = connections.settings["default"]
    before, address = dict(used), os.environ["TEST_DATABASE_URL"]
    without_pool = {name: value for name, value in used["OPTIONS"].items() if name != "pool"}
    there = {"HOST": "127.0.0.1", "PORT": server.port, "USER": "shiyong", "PASSWORD": server.password, "NAME": NAME}
    _disconnect()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL alone
    try:
        used.update(there, OPTIONS=without_pool)
        os.environ["TEST_DATABASE_URL"] = server.url
        yield
    finally:
        _disconnect()
        used.update(before)
        os.environ["TEST_DATABASE_URL"] = address


def _disconnect() -> None:
    """Numbers of content types are remembered, and are each database's own."""
    database.close()
    connection.close()
    ContentType.objects.clear_cache()


def _migrate() -> None:
    environ = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "app.settings"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environ, check=True)
