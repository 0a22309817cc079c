"""The OpenAI protocol, as plain HTTP sees it: no client of ours."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.demonstration.faults import Cut, Moment, Script
from tests.endpoint import ROOT, DemonstrationEndpoint

HELLO: dict[str, Any] = {"model": "demonstration", "messages": [{"role": "user", "content": "nonce=a tokens=3"}]}


def connect(double: DemonstrationEndpoint) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(double.base_url).netloc, timeout=10)


def post(double: DemonstrationEndpoint, body: dict[str, Any], **headers: str) -> tuple[int, bytes]:
    connection = connect(double)
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


def streamed(double: DemonstrationEndpoint, **changes: Any) -> list[dict[str, Any]]:
    status, content = post(double, HELLO | {"stream": True} | changes)
    assert status == 200
    *events, done, end = content.decode().split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events]


def text_of(chunks: list[dict[str, Any]], field: str = "content") -> str:
    return "".join(choice["delta"].get(field, "") for chunk in chunks for choice in chunk["choices"])


def test_lists_its_model(double: DemonstrationEndpoint) -> None:
    connection = connect(double)
    connection.request("GET", "/v1/models")

    listed = json.load(connection.getresponse())

    assert [model["id"] for model in listed["data"]] == ["demonstration"]


def test_a_stream(double: DemonstrationEndpoint) -> None:
    chunks = streamed(double)

    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert text_of(chunks) == "a-0001 a-0002 a-0003 "
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert not any("usage" in chunk for chunk in chunks)


def test_usage_when_asked(double: DemonstrationEndpoint) -> None:
    last = streamed(double, stream_options={"include_usage": True})[-1]
    usage = last["usage"]

    assert last["choices"] == []
    assert (usage["completion_tokens"], usage["total_tokens"]) == (
        3,
        usage["prompt_tokens"] + 3,
    )


def test_running_usage_when_asked(double: DemonstrationEndpoint) -> None:
    chunks = streamed(double, stream_options={"include_usage": True, "continuous_usage_stats": True})

    running = [chunk["usage"]["completion_tokens"] for chunk in chunks if "usage" in chunk]
    assert running == [1, 2, 3, 3]


@pytest.mark.parametrize(
    "asked",
    [{"enable_thinking": True}, {"chat_template_kwargs": {"enable_thinking": True}}, {"reasoning_effort": "medium"}],
)
def test_thinks_when_asked(asked: dict[str, Any], double: DemonstrationEndpoint) -> None:
    chunks = streamed(double, stream_options={"include_usage": True}, **asked)

    assert text_of(chunks, "reasoning_content") == "a-t001 a-t002 a-t003 a-t004 a-t005 "
    assert chunks[-1]["usage"]["completion_tokens_details"] == {"reasoning_tokens": 5}


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_stops_at_the_maximum(name: str, double: DemonstrationEndpoint) -> None:
    chunks = streamed(double, **{name: 2})

    assert text_of(chunks) == "a-0001 a-0002 "
    assert chunks[-1]["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize(
    ("mark", "extra"), [({"partial": True}, {}), ({"prefix": True}, {}), ({}, {"continue_final_message": True})]
)
def test_goes_on_from_a_prefix(mark: dict[str, Any], extra: dict[str, Any], double: DemonstrationEndpoint) -> None:
    messages = [*HELLO["messages"], {"role": "assistant", "content": "a-0001 ", **mark}]

    assert text_of(streamed(double, messages=messages, **extra)) == "a-0002 a-0003 "


def test_in_one_piece(double: DemonstrationEndpoint) -> None:
    status, content = post(double, HELLO)

    answer = json.loads(content)
    assert status == 200
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": "a-0001 a-0002 a-0003 "}
    assert answer["usage"]["completion_tokens"] == 3


def test_a_connection_serves_one_request_after_another(double: DemonstrationEndpoint) -> None:
    connection = connect(double)
    for _ in range(3):
        connection.request("POST", "/v1/chat/completions", json.dumps(HELLO | {"stream": True}))
        assert b"[DONE]" in connection.getresponse().read()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/chat/completions", "{", 400),
        ("POST", "/v1/chat/completions", "[]", 400),
        ("POST", "/v1/chat/completions", b"\xff", 400),
        ("GET", "/v1/chat/completions", None, 404),
        ("GET", "/", None, 404),
        ("POST", "/control", '{"unknown', 400),
        ("GET", "/control/nothing", None, 404),
    ],
)
def test_refuses_what_it_does_not_know(
    method: str, path: str, body: str | bytes | None, status: int, double: DemonstrationEndpoint
) -> None:
    connection = connect(double)
    connection.request(method, path, body)

    response = connection.getresponse()

    assert response.status == status
    assert json.load(response)["error"]["code"] == status


def test_what_is_not_http_is_hung_up_on(double: DemonstrationEndpoint) -> None:
    host, port = urlsplit(double.base_url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(b"\x16\x03\x01 hello?\r\n\r\n")
        assert raw.recv(100) == b""


def test_the_log_tells_who_left_early(double: DemonstrationEndpoint) -> None:
    double.script(Script(tokens_per_s=20))
    connection = connect(double)
    connection.request("POST", "/v1/chat/completions", json.dumps(HELLO | {"stream": True}), {"x-who": "li"})
    response = connection.getresponse()
    response.read(10)
    response.close()
    connection.close()

    double.wait_until(lambda log: log[0].closed_early)
    entry = double.log()[0]

    assert entry.ended_at is not None
    assert (entry.headers["x-who"], entry.question, entry.body["stream"]) == ("li", "nonce=a tokens=3", True)
    assert not entry.finished
    assert double.counters().active == 0


def test_scripts_match_by_words_and_the_newest_wins(double: DemonstrationEndpoint) -> None:
    double.script(Script(text="everybody"))
    double.script(Script(contains="nonce=b", text="only b"))
    double.next(Script(text="once"))

    said = [json.loads(post(double, HELLO)[1])["choices"][0]["message"]["content"] for _ in range(2)]
    b = HELLO | {"messages": [{"role": "user", "content": "nonce=b"}]}

    assert said == ["once", "everybody"]
    assert json.loads(post(double, b)[1])["choices"][0]["message"]["content"] == "only b"


def test_a_reset_is_a_reset(double: DemonstrationEndpoint) -> None:
    double.script(Script(cut=Cut(at=Moment.BEFORE_HEADERS)))

    with pytest.raises(ConnectionResetError):
        post(double, HELLO | {"stream": True})


def test_asks_for_its_key() -> None:
    with DemonstrationEndpoint(key="sesame") as double:
        assert post(double, HELLO)[0] == 401
        assert post(double, HELLO, Authorization="Bearer sesame")[0] == 200


def test_keeps_its_pace() -> None:
    with DemonstrationEndpoint(pace=50, first_token_s=0.2) as double:
        began = time.monotonic()
        streamed(double, messages=[{"role": "user", "content": "nonce=a tokens=20"}])

        assert time.monotonic() - began >= 0.2 + 19 / 50


def test_without_control_nobody_can_change_it() -> None:
    command = [sys.executable, "-m", "app.demonstration", "--port", "0", "--first-token-s", "0", "--pace", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as printed:
        netloc = urlsplit(printed.readline().split()[-1]).netloc
        connection = http.client.HTTPConnection(netloc, timeout=10)
        connection.request("POST", "/control", "{}")
        assert connection.getresponse().status == 404
        connection.close()
        connection.request("POST", "/v1/chat/completions", json.dumps(HELLO))
        assert b"a-0001" not in connection.getresponse().read()
        connection.close()
        os.kill(process.pid, signal.SIGTERM)
    assert process.wait(5) == 0


def test_ends_with_the_process_that_started_it() -> None:
    double = DemonstrationEndpoint()
    assert double._process.stdin is not None

    double._process.stdin.close()

    assert double._process.wait(5) == 0
    double.stop()


def test_imports_no_django() -> None:
    code = "import sys, app.demonstration.__main__; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
