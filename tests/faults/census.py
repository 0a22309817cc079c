"""The product, counting what it keeps: ``uvicorn tests.faults.census:application`` also answers ``/census``."""

import asyncio
import json
import os
import threading
from collections import Counter
from pathlib import Path

from app.asgi import Receive, Scope, Send
from app.asgi import application as product


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http" or scope["path"] != "/census":
        await product(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": json.dumps(_census()).encode()})


def _census() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "tasks": Counter(map(_name, asyncio.all_tasks())),
        "threads": threading.active_count(),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "resident_mb": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20,
    }


def _name(task: asyncio.Task[object]) -> str:
    """Its own, or that of what it runs where nobody gave it one."""
    name = task.get_name()
    return getattr(task.get_coro(), "__qualname__", name) if name.startswith("Task-") else name.split(" ")[0]
