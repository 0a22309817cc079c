"""Ports and locks: two starts never fight."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.launch.claim import the_only_start
from app.launch.errors import LaunchError
from app.launch.layout import HERE
from app.launch.sockets import any_free, chosen, is_free, require_free
from tests.app.launch.conftest import Toy


def test_a_taken_port_is_refused_with_a_free_one_named(toy: Toy) -> None:
    with socket.create_server(("127.0.0.1", toy.port)):
        answer = toy.run("--port", str(toy.port))
    assert answer.returncode == 1
    message = answer.stderr.strip()
    assert message.startswith(f"run.py: Port {toy.port} is taken")
    other = int(message.rsplit("--port ", 1)[1])
    assert other != toy.port
    assert is_free(other)
    assert not (toy.layout.var / "managed").exists()


@pytest.mark.parametrize("name", ["REDIS_URL", "DATABASE_URL"])
def test_a_server_that_does_not_answer_is_named_before_anything_is_installed(bare: Toy, name: str) -> None:
    scheme = {"REDIS_URL": "redis", "DATABASE_URL": "postgres"}[name]
    port = any_free()
    answer = bare.run("--port", str(bare.port), **{name: f"{scheme}://li:secret@127.0.0.1:{port}/0"})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"run.py: {name} points to 127.0.0.1:{port}, where nobody answers")
    assert "secret" not in answer.stderr
    assert not bare.layout.venv.exists()


def test_a_free_port_is_fine() -> None:
    require_free(any_free())


def test_a_service_keeps_its_port_from_start_to_start(tmp_path: Path) -> None:
    record = tmp_path / "run" / "ports.json"
    first = chosen(record, "valkey")
    other = chosen(record, "demonstration")
    assert chosen(record, "valkey") == first
    with socket.create_server(("127.0.0.1", first)):
        second = chosen(record, "valkey")
    assert second != first
    assert chosen(record, "valkey") == second
    assert chosen(record, "demonstration") == other


def test_a_service_does_not_take_the_port_of_the_page(tmp_path: Path) -> None:
    record = tmp_path / "ports.json"
    port = chosen(record, "valkey")
    assert chosen(record, "valkey", besides=(port,)) != port


HOLD = """\
import pathlib, sys, time
from app.launch.claim import the_only_start
with the_only_start(pathlib.Path(sys.argv[1]), address="http://127.0.0.1:8000"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_start_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    lock = tmp_path / "var" / "run" / "lock"
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], cwd=HERE.root, stdout=subprocess.PIPE)
    assert first.stdout is not None
    with first, first.stdout:
        first.stdout.readline()
        with (
            pytest.raises(LaunchError, match=rf"already running .* process {first.pid}, http://127.0.0.1:8000"),
            the_only_start(lock, address="http://127.0.0.1:9000"),
        ):
            pass
        first.kill()
        first.wait()
    # However the first one ended, its lock went with it.
    with the_only_start(lock, address="http://127.0.0.1:9000"):
        assert "9000" in lock.read_text()
