"""Ports that stay ours for as long as this test process lives, though whoever listens on them comes and goes.

A port that was only looked up (``any_free``) may be somebody else's by the time its server starts, or starts again:
another worker's look-up, or the near end of any connection on this machine, and a dial to a port where nobody listens
can even reach itself. Here a bound socket that never listens keeps the kernel from giving it out, while a server that
sets SO_REUSEADDR, as all of ours do, may listen. A dial finds nobody meanwhile, which is what a dead server means.
"""

import socket
import sys

from app.launch.sockets import LOOPBACK, any_free

_held: list[socket.socket] = []
"""Open until this process ends; no child inherits them."""


def reserved() -> int:
    if sys.platform != "linux":
        return any_free()  # elsewhere a second socket may not bind, and only chance protects it
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((LOOPBACK, 0))
    _held.append(holder)
    port: int = holder.getsockname()[1]
    return port
