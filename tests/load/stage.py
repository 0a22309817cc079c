"""The measured processes, on loopback: one core for the server under test, the other for everything else.

Valkey, PostgreSQL, the endpoint and the load generator share the second core, so that what is charged to the web
process is its own. All are ended by their ids, by whichever way the run ends.
"""

import base64
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from app.launch import postgresql, valkey
from app.launch.layout import HERE
from app.launch.sockets import LOOPBACK, any_free, is_free
from app.launch.testing import NOT_FOR_TESTS
from tests import processes
from tests.endpoint import DemonstrationEndpoint
from tests.load.answers import ProductAnswer, RawAnswer
from tests.load.chats import Target
from tests.load.meter import Cores, Meter
from tests.processes import ROOT, Process

Database = Literal["sqlite", "postgres"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One process, or several that share the load; all on the server's core."""

    name: str
    targets: tuple[Target, ...]
    sessions: tuple[str, ...]
    pids: tuple[int, ...]
    meter: Meter


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The conversation of 1,000 messages that belongs to the first person, and what reading it asks of the database."""

    path: str
    messages: int
    queries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    database: Database
    endpoint: DemonstrationEndpoint
    cores: Cores
    raw: Server
    product: Server
    history: History
    beside: Mapping[str, tuple[int, ...]]
    """What shares the load's core: the ids of its processes, by name."""
    second_port: int
    folder: Path
    environ: Mapping[str, str]

    @contextlib.contextmanager
    def two_products(self) -> Iterator[Server]:
        """The product in two web processes, the second one there only meanwhile."""
        with on_core(self.cores.server):
            web = processes.web(self.second_port, self.folder, dict(self.environ))
        try:
            (first,) = self.product.targets
            targets, pids = (first, replace(first, port=self.second_port)), (*self.product.pids, web.pid)
            meter = Meter({"server": pids, **self.beside}, self.cores)
            yield replace(self.product, name="two processes", targets=targets, pids=pids, meter=meter)
        finally:
            web.stop()


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes started meanwhile stay there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def built(database: Database, *, people: int) -> Iterator[Stage]:
    """This process is pinned, too: it is the generator."""
    for name in NOT_FOR_TESTS:
        os.environ.pop(name, None)  # a developer's own servers are no target
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    cores = Cores(server=server_core, load=load_core)
    with ExitStack() as stack:
        stack.enter_context(on_core(cores.load))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shiyong-load-")))
        endpoint = stack.enter_context(DemonstrationEndpoint())
        stores = stack.enter_context(_stores(database, folder))
        web_port, second_port = any_free(), any_free()
        environ = _environ((web_port, second_port), stores, endpoint.base_url)
        sessions, history = _prepared(folder, environ, people)
        beside = {"generator": (os.getpid(),), "endpoint": (endpoint.pid,), "valkey": (stores.valkey_pid,)}
        with on_core(cores.server):
            web = processes.web(web_port, folder, environ)
            stack.callback(web.stop)
            relay, relay_port = _relay(folder, endpoint)
            stack.callback(relay.stop)

        def server(pid: int, target: Target) -> Server:
            meter = Meter({"server": (pid,), **beside}, cores)
            return Server(name=target.name, targets=(target,), sessions=sessions, pids=(pid,), meter=meter)

        product = Target(name="product", host=LOOPBACK, port=web_port, answer=ProductAnswer, greets=True)
        raw = Target(name="raw", host=LOOPBACK, port=relay_port, answer=RawAnswer, greets=False)
        yield Stage(
            database=database,
            endpoint=endpoint,
            cores=cores,
            raw=server(relay.pid, raw),
            product=server(web.pid, product),
            history=history,
            beside=beside,
            second_port=second_port,
            folder=folder,
            environ=environ,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stores:
    database_url: str
    redis_url: str
    valkey_pid: int


@contextlib.contextmanager
def _stores(database: Database, folder: Path) -> Iterator[_Stores]:
    with ExitStack() as stack:
        database_url = f"sqlite:///{folder / 'load.sqlite3'}"
        if database == "postgres":
            cluster = stack.enter_context(postgresql.running(HERE))
            database_url = cluster.rpartition("/")[0] + "/postgres"  # the database that is there from the start
        password, port = secrets.token_hex(16), any_free()
        cache = stack.enter_context(
            valkey.running(HERE, port=port, password=password, folder=folder, keep=True, environ=os.environ)
        )
        redis_url = valkey.url(port=port, password=password)
        yield _Stores(database_url=database_url, redis_url=redis_url, valkey_pid=cache.pid)


def _environ(web_ports: tuple[int, ...], stores: _Stores, endpoint_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "app.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "DATABASE_URL": stores.database_url,
        "REDIS_URL": stores.redis_url,
        "PUBLIC_ORIGINS": ",".join(f"http://{LOOPBACK}:{port}" for port in web_ports),
        "DEMONSTRATION_URL": endpoint_url,
        "ALLOW_PRIVATE_ENDPOINTS": "1",
        "TURNS_PER_MINUTE": "1000000",  # not 0, which would spare the asking
        "TURNS_PER_MINUTE_PER_ADDRESS": "1000000",
        "DRAIN_S": "1",
        "LOG_LEVEL": "WARNING",
        "UVICORN_LOG_LEVEL": "warning",
    }


def _prepared(folder: Path, environ: Mapping[str, str], people: int) -> tuple[tuple[str, ...], History]:
    """Migrated and seeded: the session keys of so many people, and what there is to read."""
    file = folder / "seeded.json"
    seed = f"from pathlib import Path; from tests.load.seeding import seed; seed(Path({str(file)!r}), {people})"
    for arguments in (["migrate", "--no-input"], ["shell", "--no-imports", "-c", seed]):
        argv = [sys.executable, "manage.py", *arguments]
        subprocess.run(argv, cwd=ROOT, env={**os.environ, **environ}, check=True, stdout=subprocess.DEVNULL)
    seeded = json.loads(file.read_text())
    return tuple(seeded["sessions"]), History(**seeded["history"])


def _relay(folder: Path, endpoint: DemonstrationEndpoint) -> tuple[Process, int]:
    port = any_free()
    upstream = urlsplit(endpoint.base_url).port
    process = Process(
        sys.executable, "-m", "tests.load.relay", "--port", str(port), "--upstream", str(upstream),
        log=folder / "relay.log",
    )  # fmt: skip
    process.wait_until(lambda: not is_free(port))
    return process, port
