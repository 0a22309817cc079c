"""The real Valkey and PostgreSQL servers that run.py starts."""

import os
import secrets
import socket
from pathlib import Path

import psycopg
import pytest
import redis

from app.launch import postgresql, valkey
from app.launch.layout import HERE
from app.launch.sockets import any_free, is_free


def test_valkey_keeps_what_was_written_and_asks_for_the_password(tmp_path: Path) -> None:
    password = secrets.token_hex(8)
    for expected in (None, b"kept"):
        port = any_free()
        with valkey.running(HERE, port=port, password=password, folder=tmp_path, keep=True, environ=os.environ):
            with redis.Redis.from_url(valkey.url(port=port, password=password)) as client:
                assert client.get("word") == expected
                client.set("word", "kept")
            with socket.create_connection(("127.0.0.1", port)) as stranger:
                stranger.sendall(b"GET word\r\n")
                assert stranger.recv(100).startswith(b"-NOAUTH")
        assert is_free(port)


def test_valkey_for_tests_starts_empty(tmp_path: Path) -> None:
    for _ in range(2):
        port = any_free()
        with (
            valkey.running(HERE, port=port, password="word", folder=tmp_path, keep=False, environ=os.environ),
            redis.Redis.from_url(valkey.url(port=port, password="word")) as client,
        ):
            assert client.dbsize() == 0
            client.set("word", "gone")


@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_postgresql_lets_databases_be_made_and_leaves_nothing(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if source == "wheel":
        monkeypatch.setattr(postgresql, "_installed", list)
    with postgresql.running(HERE) as url:
        server = url.rpartition("/")[0]
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE test_shiyong")
            row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    assert not Path(row[0]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{server}/postgres")
