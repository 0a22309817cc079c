"""A conversation with an OpenAI-compatible server that nobody here wrote: llama-cpp-python's, with tiny random models.

``python -m tests.journeys.another_server``, with the product's own Python; docs/another-server.md says what it shows.
Only the standard library is imported at the top: the other environment, which has ``gguf`` but no Django, runs this
same file to write the models.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from conversations.models import Generation
    from conversations.protocol import Accepted
    from tests.tab import Tab

PACKAGES = ("llama-cpp-python[server]==0.3.36", "gguf==0.19.0")
KEY = "another-server's-key"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "app.settings"}
REPLACEMENT = "\ufffd"
CONTEXT = 2048
PATIENCE_S = 90.0

PIECES = ["▁", *map(chr, range(0x21, 0x7F)), *map(chr, range(0x4E00, 0x4F90)), *"éß한あشष👋🙂🚀👩\u200d\u0301"]
"""What the models write beside single bytes: ASCII, Han, other scripts, astral characters, a joiner, an accent."""

NEVER, END, NUL = -10.0, 0.22, 0.3
"""Biases: of what is never written, of an answer's end (after hundreds of tokens), of NUL where bytes are liked."""


# --- in the other environment -----------------------------------------------------------------------------------------


def write_models(folder: Path, seed: int) -> None:
    """``text`` writes pieces only; ``bytes`` also any of the 256 single bytes, so mostly what is not UTF-8."""
    for name, likes_bytes in (("text", False), ("bytes", True)):
        write_model(folder / f"{name}.gguf", seed, likes_bytes=likes_bytes)


def write_model(path: Path, seed: int, *, likes_bytes: bool) -> None:
    """A random llama in GGUF. Its first hidden dimension stays constant, so the output's first column is a bias."""
    gguf, numpy = import_module("gguf"), import_module("numpy")
    random = numpy.random.default_rng(seed)
    width, layers, heads, inner = 192, 4, 4, 512
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *PIECES]
    unknown, control, byte, normal = (gguf.TokenType[kind] for kind in ("UNKNOWN", "CONTROL", "BYTE", "NORMAL"))

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([unknown, control, control, *[byte] * 256, *[normal] * len(PIECES)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(
        "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:"
    )

    def noise(rows: int, columns: int) -> Any:
        return random.standard_normal((rows, columns)) / columns**0.5

    def add(name: str, weights: Any) -> None:
        writer.add_tensor(f"{name}.weight", weights.astype(numpy.float32))

    embedding = noise(len(tokens), width) * width**0.5
    embedding[:, 0] = width**0.5
    add("token_embd", embedding)
    for layer in range(layers):
        block = f"blk.{layer}"
        attention, feed = noise(width, width), noise(width, inner)
        attention[0] = feed[0] = 0  # nothing is added to the first dimension
        for name in ("attn_q", "attn_k", "attn_v"):
            add(f"{block}.{name}", noise(width, width))
        add(f"{block}.attn_output", attention)
        for name in ("ffn_gate", "ffn_up"):
            add(f"{block}.{name}", noise(inner, width))
        add(f"{block}.ffn_down", feed)
        for name in ("attn_norm", "ffn_norm"):
            add(f"{block}.{name}", numpy.ones(width))
    add("output_norm", numpy.ones(width))
    output = noise(len(tokens), width)
    output[:, 0] = 0
    output[:259, 0] = NEVER
    if likes_bytes:
        output[3:259, 0] = 0
        output[3, 0] = NUL
    output[2] = 0
    output[2, 0] = END
    add("output", output)

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# --- the stage --------------------------------------------------------------------------------------------------------


def other_python(folder: Path) -> Path:
    """The other environment's Python; it is made, with a compiler at work for some minutes, unless it is there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    if subprocess.run([python, "-c", "import gguf, llama_cpp.server"], capture_output=True).returncode:
        print(f"building {' and '.join(PACKAGES)}: some minutes the first time", flush=True)
        environ = {**os.environ, "CMAKE_BUILD_PARALLEL_LEVEL": "2", "CMAKE_ARGS": "-DLLAVA_BUILD=OFF"}
        subprocess.run(["nice", "-n", "19", python, "-m", "pip", "install", "-q", *PACKAGES], env=environ, check=True)
    return python


@contextlib.contextmanager
def stage(venv: Path | None, seed: int) -> Iterator[tuple[str, Path]]:
    """Their server and our product, running: the product's address, and the folder with everything's logs."""
    from django.core.management import call_command

    from app.accounts.models import User
    from tests import processes
    from tests.settings import FOLDER, VALKEY_PORT, WEB_PORTS

    port, their_port = WEB_PORTS  # the second is free: one web process is enough
    with contextlib.ExitStack() as ending:
        ending.callback(lambda: shutil.rmtree(FOLDER) if sys.exc_info()[0] is None else print(f"logs: {FOLDER}"))
        python = other_python((venv or FOLDER / "venv").resolve())
        print(f"{PACKAGES[0]}, random weights of seed {seed}")
        subprocess.run([python, __file__, "--write-models", FOLDER, "--seed", str(seed)], check=True)
        names = ("text", "bytes")
        models = [{"model": str(FOLDER / f"{name}.gguf"), "model_alias": name, "n_ctx": CONTEXT} for name in names]
        config = FOLDER / "server.json"
        config.write_text(json.dumps({"host": "127.0.0.1", "port": their_port, "api_key": KEY, "models": models}))

        server = processes.Process(
            python, "-m", "llama_cpp.server", "--config_file", config, log=FOLDER / "llama-cpp-python.log"
        )
        ending.callback(server.stop)
        server.wait_until(lambda: processes.answers(f"http://127.0.0.1:{their_port}/openapi.json"))
        ending.callback(processes.valkey(VALKEY_PORT, FOLDER).stop)
        call_command("migrate", verbosity=0)
        User.objects.create_user("li@example.com", "li-knows-this", name="李", locale="zh")  # so that seed makes nobody
        os.environ.update(MODEL_BASE_URL=f"http://127.0.0.1:{their_port}/v1", MODEL_NAME="text", MODEL_API_KEY=KEY)
        call_command("seed")
        ending.callback(processes.web(port, FOLDER, SETTINGS).stop)
        yield f"http://127.0.0.1:{port}", FOLDER


# --- the conversation -------------------------------------------------------------------------------------------------


async def converse(base_url: str, folder: Path) -> None:
    from app.accounts.models import User
    from tests import processes
    from tests.conftest import session_of
    from tests.tab import Tab

    async with Tab(base_url, lambda: session_of(User.objects.get())) as tab:
        asked = await tab.ask("你好", scenario="chat")
        await told("ask", tab, asked)
        await told("regenerate", tab, await tab.accepted("regenerate", message=asked.message))
        await told("… shorter", tab, await tab.accepted("regenerate", message=asked.message, hint="shorter"))

        for _ in range(5):
            stopped = await tab.ask("给我讲一个小故事", scenario="chat")
            await tab.shows(stopped.generation)
            await tab.say("stop", generation=stopped.generation)
            if (await told("stop", tab, stopped)).state == "stopped":
                break  # else it ended by itself before it could be stopped
        await told("continue", tab, await tab.accepted("continue", generation=stopped.generation))

        await change_endpoint(max_output_tokens=24)
        await told("24 tokens", tab, await tab.ask("你好", scenario="chat"))

        await change_endpoint(max_output_tokens=120, remote_name="bytes")
        garbage = (await told("bytes", tab, await tab.ask("你好", scenario="chat"))).text
        print(f"{'':12}of them {garbage.count(REPLACEMENT)} U+FFFD, {sum(c < ' ' for c in garbage)} control characters")
        await change_endpoint(max_output_tokens=None, remote_name="text")

        first = await tab.ask("一", scenario="chat")
        await tab.shows(first.generation)
        second = await tab.ask("二", scenario="chat")
        await told("two at once", tab, first)
        await told("", tab, second)

        await change_endpoint(max_concurrency=1)
        first, second = await tab.ask("一", scenario="chat"), await tab.ask("二", scenario="chat")
        await told("one by one", tab, first)
        await told("", tab, second)
        print(f"{'':12}places in the line: {tab.of(second.generation).positions}")

        await told("too long", tab, await tab.ask("龥" * 1000, scenario="chat"))
        await change_endpoint(api_key="wrong")
        await told("wrong key", tab, await tab.ask("你好", scenario="chat"), expected="failed/unavailable")
        await change_endpoint(api_key=KEY)
        await told("right key", tab, await tab.ask("你好", scenario="chat"))
        assert tab.gaps == 0, "a tab missed something"

        worker = processes.Process(
            *(sys.executable, "-m", "celery", "--quiet", "-A", "app", "worker", "--pool", "solo"),
            environ=SETTINGS,
            log=folder / "worker.log",
        )
        try:
            await told_title(tab, asked)
        finally:
            await asyncio.to_thread(worker.stop)


async def told(step: str, tab: "Tab", turn: "Accepted", *, expected: str = "") -> "Generation":
    """Wait for the end, check that what is stored is what was shown, and print what became of it."""
    from conversations.models import Generation
    from conversations.protocol import Delta
    from tests.database import rows

    seen = await tab.finished(turn.generation, timeout_s=PATIENCE_S)
    [row] = await rows(Generation.objects.filter(pk=turn.generation))
    said = [error or "ok" for error, *_ in await calls(call_of=turn.generation)]
    outcome = f"{row.state}/{row.reason}"
    assert seen.finished is not None
    assert row.text == seen.text, "what is stored is not what was shown"
    assert outcome == f"{seen.finished.state}/{seen.finished.reason}"
    assert expected in {"", outcome}, f"{step}: {outcome}"
    assert len(said) == row.attempts
    deltas = sum(isinstance(frame, Delta) and frame.generation == row.id for frame in tab.frames)
    times = f"{known(row.first_token_ms):>5} of{known(row.duration_ms):>6} ms"
    tokens = f"{known(row.input_tokens)} + {known(row.output_tokens)} tokens ({row.token_source})"
    shown = f"{len(row.text):5} characters in {deltas:3} deltas"
    print(f"{step:12}{outcome:27}{shown},{times}, {tokens}, calls: {', '.join(said)}", flush=True)
    return row


def known(number: int | None) -> str:
    return "-" if number is None else str(number)


async def told_title(tab: "Tab", turn: "Accepted") -> None:
    """The one call that does not stream."""
    from conversations.protocol import Changed

    def title() -> str | None:
        named = (f for f in tab.frames if isinstance(f, Changed) and f.conversation == turn.conversation)
        return next((frame.title for frame in named if frame.title), None)

    text = await tab.until(title, timeout_s=PATIENCE_S)
    error, entered, written, source = (await calls(purpose="title"))[0]
    print(f"{'title':12}{len(text)} characters, {entered} + {written} tokens ({source}), calls: {error or 'ok'}")


async def calls(**of: Any) -> list[tuple[str, int | None, int | None, str]]:
    """Error, tokens in and out, and where they are from, of each request to their server."""
    from tests.database import rows
    from usage.models import UpstreamCall

    query: QuerySet[Any] = UpstreamCall.objects.filter(**of).order_by("occurred_at", "attempt")
    return [(call.error, call.input_uncached, call.output_visible, call.token_source) for call in await rows(query)]


async def change_endpoint(**fields: Any) -> None:
    """As an administrator does."""
    from conversations.database import in_database
    from conversations.models import ModelEndpoint

    def change() -> None:
        endpoint = ModelEndpoint.objects.get()
        for name, value in fields.items():
            setattr(endpoint, name, value)
        endpoint.save()

    await in_database(change)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--venv", type=Path, help="keep the other server installed here (default: for this run only)")
    parser.add_argument("--seed", type=int, default=1, help="of the random weights (default: %(default)s)")
    parser.add_argument("--write-models", type=Path, metavar="FOLDER", help="only write the models; needs gguf")
    options = parser.parse_args()
    if options.write_models:
        write_models(options.write_models, options.seed)
        return
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.pop("TEST_DATABASE_URL", None)  # this writes into the database itself: only into one of its own
    import_module("django").setup()
    with stage(options.venv, options.seed) as (base_url, folder):
        asyncio.run(converse(base_url, folder))


if __name__ == "__main__":
    main()
