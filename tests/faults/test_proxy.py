"""The proxy is an instrument: each of its knobs does what it says."""

import socket
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from tests.faults.proxy import HOST, Proxy, Way

PATIENCE_S = 10.0


class Echo:
    """A server that sends back what it gets, after its name, and remembers it."""

    def __init__(self, name: bytes = b"") -> None:
        self._name = name
        self.heard: Queue[bytes] = Queue()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    def _echo(self, connection: socket.socket) -> None:
        try:
            with connection:
                while said := connection.recv(1024):
                    self.heard.put(said)
                    connection.sendall(self._name + said)
        except OSError:
            return

    def stop(self) -> None:
        self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    echo = Echo()
    yield echo
    echo.stop()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as proxy:
        yield proxy


def dialled(proxy: Proxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.port), timeout=PATIENCE_S)


def echoed(connection: socket.socket, said: bytes) -> bytes:
    connection.sendall(said)
    heard = b""
    while len(heard) < len(said):
        heard += connection.recv(1024)
    return heard


def is_silent(connection: socket.socket) -> bool:
    """Nothing has come. What would come is already on its way, so that no waiting makes this truer."""
    connection.settimeout(0.05)
    try:
        return bool(connection.recv(1) and False)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(PATIENCE_S)


def test_passes_both_ways_and_counts(proxy: Proxy) -> None:
    with dialled(proxy) as one, dialled(proxy) as other:
        assert echoed(one, b"one") == b"one"
        assert echoed(other, b"other") == b"other"
        assert (proxy.connections, proxy.open_connections) == (2, 2)


def test_a_large_answer_comes_whole(proxy: Proxy) -> None:
    said = bytes(range(256)) * 1000
    with dialled(proxy) as connection:
        threading.Thread(target=connection.sendall, args=(said,), daemon=True).start()
        heard = b""
        while len(heard) < len(said):
            heard += connection.recv(65_536)
    assert heard == said


def test_held_bytes_come_when_the_way_is_free_again(proxy: Proxy) -> None:
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        proxy.turn(Way.HOLD)
        connection.sendall(b"held")
        assert is_silent(connection)
        with dialled(proxy) as late:
            late.sendall(b"late")
            assert is_silent(late)
            proxy.turn(Way.PASS)
            assert connection.recv(1024) == b"held"
            assert late.recv(1024) == b"late"


def test_swallowed_bytes_never_come_and_their_connection_stays_black(proxy: Proxy) -> None:
    with dialled(proxy) as connection, dialled(proxy) as untouched:
        assert echoed(connection, b"before") == b"before"
        assert echoed(untouched, b"before") == b"before"
        proxy.turn(Way.SWALLOW)
        connection.sendall(b"swallowed")
        assert is_silent(connection)
        proxy.turn(Way.PASS)
        connection.sendall(b"after")
        assert is_silent(connection)
        assert echoed(untouched, b"after") == b"after"
        with dialled(proxy) as new:
            assert echoed(new, b"new") == b"new"


def test_a_muted_server_hears_and_is_not_heard(proxy: Proxy, echo: Echo) -> None:
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        assert echo.heard.get(timeout=PATIENCE_S) == b"before"
        proxy.turn(Way.MUTE)
        connection.sendall(b"muted")
        assert echo.heard.get(timeout=PATIENCE_S) == b"muted"
        assert is_silent(connection)
        proxy.turn(Way.PASS)
        connection.sendall(b"after")
        assert echo.heard.get(timeout=PATIENCE_S) == b"after"
        assert is_silent(connection)


def test_who_dials_after_it_was_aimed_elsewhere_is_served_there(proxy: Proxy) -> None:
    other = Echo(b"other: ")
    with dialled(proxy) as stays:
        assert echoed(stays, b"before") == b"before"
        proxy.aim(other.port)
        with dialled(proxy) as new:
            new.sendall(b"new")
            assert new.recv(1024) == b"other: new"
        assert echoed(stays, b"after") == b"after"
    other.stop()


def test_refuses_and_serves_again_on_the_same_port(proxy: Proxy) -> None:
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        proxy.turn(Way.REFUSE)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        dialled(proxy)
    proxy.turn(Way.PASS)
    with dialled(proxy) as connection:
        assert echoed(connection, b"after") == b"after"


def test_a_cut_is_an_end_and_a_reset_is_an_error(proxy: Proxy) -> None:
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        proxy.cut()
        assert connection.recv(1) == b""
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert proxy.open_connections == 0


def test_delays_each_chunk(proxy: Proxy) -> None:
    """Held back by a delay that nobody waits for; free once it is over."""
    with dialled(proxy) as connection:
        proxy.delay(3600)
        connection.sendall(b"slow")
        assert is_silent(connection)
        proxy.delay(0)
        with dialled(proxy) as other:
            assert echoed(other, b"quick") == b"quick"


def test_an_end_passes_through(proxy: Proxy) -> None:
    with dialled(proxy) as connection:
        assert echoed(connection, b"before") == b"before"
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def test_nobody_behind_it_is_a_reset() -> None:
    with socket.create_server((HOST, 0)) as nobody:
        port = nobody.getsockname()[1]
    with Proxy(port) as proxy, pytest.raises(ConnectionResetError), dialled(proxy) as connection:
        connection.recv(1)
