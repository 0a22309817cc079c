"""The measured processes, on loopback: one core for the server under test, the other for everything else.

Valkey, PostgreSQL, the endpoint and the load generator share the second core, so that what is charged to the web
process is its own. All are ended by their ids, by whichever way the run ends.
"""

import base64
import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
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
    target: Target
    meter: Meter
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    endpoint: DemonstrationEndpoint
    product: Server
    raw: Server
    cores: Cores


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
        password, valkey_port, web_port = secrets.token_hex(16), any_free(), any_free()
        cache = stack.enter_context(
            valkey.running(HERE, port=valkey_port, password=password, folder=folder, keep=True, environ=os.environ)
        )
        url = f"sqlite:///{folder / 'load.sqlite3'}"
        if database == "postgres":
            cluster = stack.enter_context(postgresql.running(HERE))
            url = cluster.rpartition("/")[0] + "/postgres"  # the database that is there from the start
        environ = _environ(web_port, url, valkey.url(port=valkey_port, password=password), endpoint.base_url)
        sessions = _prepared(folder, environ, people)
        beside = {"generator": os.getpid(), "endpoint": endpoint.pid, "valkey": cache.pid}
        with on_core(cores.server):
            web = processes.web(web_port, folder, environ)
            stack.callback(web.stop)
            relay, relay_port = _relay(folder, endpoint)
            stack.callback(relay.stop)
        product = Target(
            name="product", host=LOOPBACK, port=web_port, answer=ProductAnswer, sessions=sessions, greets=True
        )
        raw = Target(name="raw", host=LOOPBACK, port=relay_port, answer=RawAnswer, sessions=sessions, greets=False)
        yield Stage(
            endpoint=endpoint,
            cores=cores,
            product=Server(target=product, meter=Meter({"server": web.pid, **beside}, cores), pid=web.pid),
            raw=Server(target=raw, meter=Meter({"server": relay.pid, **beside}, cores), pid=relay.pid),
        )


def _environ(web_port: int, database_url: str, redis_url: str, endpoint_url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "app.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_ORIGINS": f"http://{LOOPBACK}:{web_port}",
        "DEMONSTRATION_URL": endpoint_url,
        "ALLOW_PRIVATE_ENDPOINTS": "1",
        "DRAIN_S": "1",
        "LOG_LEVEL": "WARNING",
        "UVICORN_LOG_LEVEL": "warning",
    }


def _prepared(folder: Path, environ: dict[str, str], people: int) -> tuple[str, ...]:
    """Migrated, seeded, and the session keys of so many people."""
    sessions = folder / "sessions"
    seed = f"from pathlib import Path; from tests.load.seeding import seed; seed(Path({str(sessions)!r}), {people})"
    for arguments in (["migrate", "--no-input"], ["shell", "--no-imports", "-c", seed]):
        argv = [sys.executable, "manage.py", *arguments]
        subprocess.run(argv, cwd=ROOT, env={**os.environ, **environ}, check=True, stdout=subprocess.DEVNULL)
    return tuple(sessions.read_text().split())


def _relay(folder: Path, endpoint: DemonstrationEndpoint) -> tuple[Process, int]:
    port = any_free()
    upstream = urlsplit(endpoint.base_url).port
    process = Process(
        sys.executable, "-m", "tests.load.relay", "--port", str(port), "--upstream", str(upstream),
        log=folder / "relay.log",
    )  # fmt: skip
    process.wait_until(lambda: not is_free(port))
    return process, port
