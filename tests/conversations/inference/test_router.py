"""Another endpoint before the first word, never after it (fault F8)."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.demonstration.faults import Cut, Ending, ErrorInside, Moment, Refuse, Script, Stall
from conversations.inference.errors import (
    BadStream,
    ConnectFailed,
    ContentFiltered,
    EndpointFailed,
    EndpointRejected,
    FirstTokenTimeout,
    NoEndpointAvailable,
    RateLimited,
    ServerFailed,
    Unauthorized,
    UpstreamReset,
)
from conversations.inference.types import Endpoint
from tests.conversations.inference.listening import (
    HASTY,
    QUICK,
    Doubles,
    asking,
    endpoint_at,
    listen,
    numbered,
)


@pytest.fixture
def first(doubles: Doubles) -> Endpoint:
    return endpoint_at(doubles.first.base_url, name="first")


@pytest.fixture
def second(doubles: Doubles) -> Endpoint:
    return endpoint_at(doubles.second.base_url, name="second")


@pytest.fixture
def closed_port() -> Iterator[str]:
    """An address where nobody listens, kept from others while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


async def test_the_first_endpoint_answers(first: Endpoint, second: Endpoint, doubles: Doubles) -> None:
    heard = await listen([first, second])

    assert heard.error is None
    assert heard.text == numbered("li", 20)
    assert heard.started == ["first"]
    assert heard.words == [""]
    assert doubles.second.log() == []


BEFORE_A_WORD = {
    "500": (Script(refuse=Refuse(status=500)), ServerFailed),
    "502 of a proxy": (
        Script(refuse=Refuse(status=502, body="<h1>Bad Gateway", content_type="text/html")),
        ServerFailed,
    ),
    "503": (Script(refuse=Refuse(status=503)), ServerFailed),
    "529": (Script(refuse=Refuse(status=529)), ServerFailed),
    "429 without a time": (Script(refuse=Refuse(status=429)), RateLimited),
    "429 for long": (Script(refuse=Refuse(status=429, headers={"retry-after": "3600"})), RateLimited),
    "429 until a date": (
        Script(refuse=Refuse(status=429, headers={"retry-after": "Fri, 31 Dec 2999 23:59:59 GMT"})),
        RateLimited,
    ),
    "429 with nonsense": (Script(refuse=Refuse(status=429, headers={"retry-after": "soon"})), RateLimited),
    "401": (Script(refuse=Refuse(status=401)), Unauthorized),
    "402": (Script(refuse=Refuse(status=402)), Unauthorized),
    "403": (Script(refuse=Refuse(status=403)), Unauthorized),
    "404": (Script(refuse=Refuse(status=404)), Unauthorized),
    "204": (Script(refuse=Refuse(status=204)), BadStream),
    "a redirect": (Script(refuse=Refuse(status=307, headers={"location": "http://127.0.0.1:9/v1"})), BadStream),
    "HTML with 200": (Script(refuse=Refuse(status=200, body="<html>hello", content_type="text/html")), BadStream),
    "an error as JSON with 200": (Script(refuse=Refuse(status=200, body='{"error":{"code":500}}')), ServerFailed),
    "an error inside a 200": (Script(error_inside=ErrorInside()), ServerFailed),
    "a limit inside a 200": (Script(error_inside=ErrorInside(payload={"error": {"code": "429"}})), RateLimited),
    "a reset before headers": (Script(cut=Cut(at=Moment.BEFORE_HEADERS)), UpstreamReset),
    "a close before headers": (Script(cut=Cut(at=Moment.BEFORE_HEADERS, how=Ending.CLOSE)), UpstreamReset),
    "a reset after headers": (Script(cut=Cut(at=Moment.AFTER_HEADERS)), UpstreamReset),
    "an end without a word": (Script(cut=Cut(at=Moment.AFTER_HEADERS, how=Ending.END)), UpstreamReset),
    "[DONE] without a word": (Script(cut=Cut(at=Moment.AFTER_HEADERS, how=Ending.DONE)), UpstreamReset),
    "JSON that is none": (Script(replay=("{not json",)), BadStream),
    "silence": (Script(stall=Stall(at=Moment.BEFORE_HEADERS)), FirstTokenTimeout),
}


@pytest.mark.parametrize(("script", "failure"), BEFORE_A_WORD.values(), ids=BEFORE_A_WORD)
async def test_another_endpoint_answers_when_the_first_fails_before_a_word(
    script: Script, failure: type[EndpointFailed], first: Endpoint, second: Endpoint, doubles: Doubles
) -> None:
    doubles.first.script(script)
    first = replace(first, timeouts=HASTY) if script.stall else first

    heard = await listen([first, second])

    assert heard.error is None
    assert heard.text == numbered("li", 20)
    assert heard.started[-1] == "second"
    assert heard.words == [failure.error_class, ""]
    assert [call.attempt for call in heard.calls] == [1, 2]
    assert len(doubles.first.log()) == 1


@pytest.mark.parametrize(("script", "failure"), BEFORE_A_WORD.values(), ids=BEFORE_A_WORD)
async def test_says_how_each_endpoint_failed_when_all_do(
    script: Script, failure: type[EndpointFailed], first: Endpoint, second: Endpoint, doubles: Doubles
) -> None:
    doubles.first.script(script)
    doubles.second.script(Script(refuse=Refuse(status=503)))
    first = replace(first, timeouts=HASTY) if script.stall else first

    heard = await listen([first, second])

    assert isinstance(heard.error, NoEndpointAvailable)
    assert [type(cause) for cause in heard.error.causes] == [failure, ServerFailed]
    assert len(heard.calls) == 2
    assert heard.text == ""


AFTER_A_WORD = {
    "a reset": Script(cut=Cut(tokens=5), tokens_per_s=10),  # apart, since a reset overtakes the words before it
    "a close": Script(cut=Cut(tokens=5, how=Ending.CLOSE)),
    "an end": Script(cut=Cut(tokens=5, how=Ending.END)),
    "[DONE] too early": Script(cut=Cut(tokens=5, how=Ending.DONE)),
    "an error inside": Script(error_inside=ErrorInside(tokens=5)),
    "a limit inside": Script(error_inside=ErrorInside(tokens=5, payload={"error": {"code": 429}})),
    "a refusal inside": Script(
        error_inside=ErrorInside(tokens=5, payload={"error": {"type": "invalid_request_error"}})
    ),
    "silence": Script(stall=Stall(tokens=5)),
    "an abort": Script(text="abcde", finish_reason="abort"),
}


@pytest.mark.parametrize("script", AFTER_A_WORD.values(), ids=AFTER_A_WORD)
async def test_never_changes_endpoint_after_the_first_word(
    script: Script, first: Endpoint, second: Endpoint, doubles: Doubles
) -> None:
    doubles.first.script(script)

    heard = await listen([replace(first, timeouts=QUICK), second])

    assert heard.error is not None
    assert heard.error.reason in {"upstream_reset", "stall"}
    assert heard.text in {numbered("li", 5), "abcde"}
    assert heard.finished is None
    assert len(heard.calls) == 1
    assert doubles.second.log() == []


async def test_a_word_of_thinking_is_a_word(first: Endpoint, second: Endpoint, doubles: Doubles) -> None:
    doubles.first.script(Script(cut=Cut(tokens=2, how=Ending.CLOSE)))

    heard = await listen([first, second], asking("nonce=li thinking=5", thinking=True))

    assert isinstance(heard.error, UpstreamReset)
    assert (heard.text, heard.thinking) == ("", "li-t001 li-t002 ")
    assert doubles.second.log() == []


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_does_not_repeat_a_request_that_is_wrong(
    status: int, first: Endpoint, second: Endpoint, doubles: Doubles
) -> None:
    doubles.first.script(Script(refuse=Refuse(status=status, body='{"error":{"message":"context too long"}}')))

    heard = await listen([first, second])

    assert isinstance(heard.error, EndpointRejected)
    assert (heard.error.reason, heard.error.retryable, heard.error.status) == ("refused", False, status)
    assert heard.words == ["rejected"]
    assert doubles.second.log() == []


@pytest.mark.parametrize(
    "script",
    [
        Script(refuse=Refuse(status=400, body='{"error":{"code":"data_inspection_failed","message":"no"}}')),
        Script(error_inside=ErrorInside(payload={"error": {"code": "data_inspection_failed"}})),
        Script(error_inside=ErrorInside(tokens=3, payload={"error": {"code": "content_filter"}})),
    ],
    ids=["in the request", "at once", "after some words"],
)
async def test_filtered_content_is_not_taken_to_another_endpoint(
    script: Script, first: Endpoint, second: Endpoint, doubles: Doubles
) -> None:
    doubles.first.script(script)

    heard = await listen([first, second])

    assert isinstance(heard.error, ContentFiltered)
    assert heard.error.reason == "content_filter"
    assert heard.words == ["filtered"]
    assert doubles.second.log() == []


async def test_makes_three_requests_at_most(first: Endpoint, doubles: Doubles) -> None:
    doubles.first.script(Script(refuse=Refuse(status=503)))

    heard = await listen([first] * 5)

    assert isinstance(heard.error, NoEndpointAvailable)
    assert heard.error.reason == "unavailable"
    assert heard.error.retryable
    assert [call.attempt for call in heard.calls] == [1, 2, 3]
    assert len(doubles.first.log()) == 3


async def test_waits_when_asked_for_a_moment(first: Endpoint, second: Endpoint, doubles: Doubles) -> None:
    doubles.first.next(Script(refuse=Refuse(status=429, headers={"retry-after": "0.05"})))

    heard = await listen([first, second])

    assert heard.started == ["first"]
    assert heard.words == ["http_429", ""]
    rejected, answered = doubles.first.log()
    assert rejected.ended_at is not None
    assert answered.received_at - rejected.ended_at >= 0.05
    assert doubles.second.log() == []


async def test_gives_up_waiting_after_three_requests(first: Endpoint, doubles: Doubles) -> None:
    doubles.first.script(Script(refuse=Refuse(status=429, headers={"retry-after": "0"})))

    heard = await listen(first)

    assert isinstance(heard.error, NoEndpointAvailable)
    assert heard.words == ["http_429"] * 3


async def test_goes_on_when_nobody_listens(closed_port: str, second: Endpoint) -> None:
    heard = await listen([endpoint_at(closed_port, name="first"), second])

    assert heard.words == ["connect", ""]
    assert heard.started == ["second"]


@pytest.mark.parametrize("base_url", ["not an address", "http://", "ftp://127.0.0.1/v1", "http://127.0.0.1:99999/v1"])
async def test_an_address_that_is_none_is_a_failed_connection(base_url: str, second: Endpoint) -> None:
    heard = await listen([endpoint_at(base_url), second])

    assert heard.words == ["connect", ""]
    assert heard.error is None


async def test_no_endpoint_at_all() -> None:
    heard = await listen([])

    assert isinstance(heard.error, NoEndpointAvailable)
    assert (heard.error.causes, heard.error.reason, heard.error.retryable) == ((), "unavailable", False)


async def test_the_only_endpoint_is_asked_again_when_its_connection_broke_before_an_answer(
    first: Endpoint, doubles: Doubles
) -> None:
    doubles.first.next(Script(cut=Cut(at=Moment.BEFORE_HEADERS, how=Ending.CLOSE)))

    heard = await listen(first)

    assert heard.error is None
    assert heard.words == ["reset", ""]


async def test_passes_over_an_endpoint_without_room(first: Endpoint, second: Endpoint, doubles: Doubles) -> None:
    doubles.first.next(Script(refuse=Refuse(status=503)))
    third = endpoint_at(doubles.first.base_url, name="third")

    async def has_room(endpoint: Endpoint) -> bool:
        return endpoint.name != "second"

    heard = await listen([first, second, third], may_ask=has_room)

    assert heard.started == ["third"]
    assert doubles.second.log() == []


async def test_the_reason_is_the_one_that_all_share(first: Endpoint, doubles: Doubles) -> None:
    doubles.first.script(Script(stall=Stall(at=Moment.AFTER_HEADERS)))

    heard = await listen(replace(first, timeouts=HASTY))

    assert isinstance(heard.error, NoEndpointAvailable)
    assert heard.error.reason == "first_token_timeout"
    assert isinstance(heard.error.causes[0], FirstTokenTimeout)


def test_a_connection_that_fails_is_worth_another_try() -> None:
    assert NoEndpointAvailable([ConnectFailed(), Unauthorized()]).retryable
    assert not NoEndpointAvailable([Unauthorized()]).retryable
