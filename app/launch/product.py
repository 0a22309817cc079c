"""`python3 run.py`: from whatever state the folder is in to a running product, and back to no process at all."""

import argparse
import contextlib
import os
from collections.abc import Mapping, Sequence

from app.launch import database, environment, node, packages, supervision, valkey
from app.launch.claim import the_only_start
from app.launch.console import say
from app.launch.environment import Choices, Ports
from app.launch.layout import Layout
from app.launch.leftovers import end_marked
from app.launch.sockets import chosen, require_answer, require_free


def main(layout: Layout, options: argparse.Namespace) -> None:
    """Never returns by itself: Ctrl-C, SIGTERM or the death of a process end it."""
    choices = environment.read(os.environ, port=options.port)
    with the_only_start(layout.var / "run" / "lock", address=choices.address):
        if found := end_marked(layout.var):
            say(f"✓ Ended what an earlier start had left running ({len(found)} processes)")
        require_free(choices.port)
        if choices.redis_url:
            require_answer("REDIS_URL", choices.redis_url, default_port=6379)
        if choices.database_url and not choices.database_url.startswith("sqlite"):
            require_answer("DATABASE_URL", choices.database_url, default_port=5432)
        packages.ensure(layout, "run")
        node.ensure_built(layout)
        try:
            _run(layout, choices, with_history=options.with_history)
        finally:
            end_marked(layout.var)


def _run(layout: Layout, choices: Choices, *, with_history: bool) -> None:
    record = layout.var / "run" / "ports.json"
    first = chosen(record, "valkey", besides=(choices.port,))
    ports = Ports(valkey=first, demonstration=chosen(record, "demonstration", besides=(choices.port, first)))
    environ = environment.for_processes(choices, layout, ports=ports, environ=packages.clean_environment())
    with contextlib.ExitStack() as running:
        services = {}
        if choices.redis_url is None:
            # Outside honcho, which ends all at once: the web process drains into Valkey, so Valkey ends last.
            services["valkey"] = running.enter_context(
                valkey.running(
                    layout,
                    port=ports.valkey,
                    password=environment.valkey_password(layout),
                    folder=layout.var / "valkey",
                    keep=True,
                    environ=environ,
                )
            )
        database.prepare(layout, environ, embedded=choices.database_url is None)
        if with_history:
            database.make_history(layout, environ)
        procession = running.enter_context(supervision.running(layout, _processes(choices), environ))
        address = environ["PUBLIC_ORIGINS"].split(",")[0]
        supervision.wait_until_ready(procession, choices.port, host=address.partition("://")[2])
        _show_the_way(layout, choices, environ, address)
        supervision.wait_until_one_ends(procession, services)


def _processes(choices: Choices) -> Sequence[str]:
    """Of the Procfile, web first: honcho gives the first one PORT, and each other 100 more."""
    demonstration = () if choices.model_base_url else ("demonstration",)
    return ("web", "worker", "beat", *demonstration)


def _show_the_way(layout: Layout, choices: Choices, environ: Mapping[str, str], address: str) -> None:
    sign_in = layout.var / "secrets" / "sign-in.txt"
    say()
    say(f"  Shiyong is ready:   {address}")
    say(f"  Administration:     {address}/admin/")
    if choices.database_url:
        say(f"  Sign-in:            as this database knows it; what was made from here is in {sign_in}")
    elif sign_in.exists():
        say("\n".join(f"  {line}" for line in sign_in.read_text().strip().splitlines()))
    if choices.model_base_url is None:
        say("  Answers come from the built-in demonstration endpoint. For a real model set MODEL_BASE_URL, MODEL_NAME")
        say("  and MODEL_API_KEY, or add an endpoint in the administration.")
        if environ.get("MODEL_NAME") or environ.get("MODEL_API_KEY"):
            say("  MODEL_NAME and MODEL_API_KEY have no effect without MODEL_BASE_URL.")
    say("  Ctrl-C stops everything. What was written is kept in var/.")
    say()
