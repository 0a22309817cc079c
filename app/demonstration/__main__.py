"""``python -m app.demonstration --port N [--pace TOKENS_PER_S] [--control]``"""

import argparse
import asyncio
import signal
import sys
from functools import partial

from app.demonstration.server import Connection
from app.demonstration.service import Service


def main() -> None:
    options = _options()
    service = Service(
        pace=options.pace, first_token_s=options.first_token_s, key=options.key or None, control=options.control
    )
    try:
        import uvloop
    except ImportError:
        asyncio.run(_serve(service, options))
    else:
        uvloop.run(_serve(service, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="app.demonstration", description="A model endpoint without intelligence.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one; the first line printed says which")
    parser.add_argument("--pace", type=float, default=60.0, help="tokens a second; 0: as fast as it goes")
    parser.add_argument("--first-token-s", type=float, default=0.3, help="seconds before the first token")
    parser.add_argument("--key", default="", help="the key to ask for; none by default")
    parser.add_argument("--control", action="store_true", help="be the test double: anybody may use /control")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started this one")
    return parser.parse_args()


async def _serve(service: Service, options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    if options.until_stdin_closes:
        loop.add_reader(sys.stdin.fileno(), over.set)  # nobody ever writes there
    connection = partial(Connection, service.respond, service.count_connection)
    server = await loop.create_server(connection, options.host, options.port, backlog=4096)
    port = server.sockets[0].getsockname()[1]
    print(f"demonstration endpoint: http://{options.host}:{port}/v1", flush=True)
    await over.wait()
    server.close()


if __name__ == "__main__":
    main()
