"""What leaves this machine, and to whom."""

import asyncio

import pytest

from app.demonstration.faults import Cut, Moment, Refuse, Script
from conversations.inference import client
from conversations.inference.errors import UpstreamReset
from conversations.inference.response import MAX_REFUSAL_BYTES
from tests.conversations.inference.listening import Doubles, asking, endpoint_at, listen
from tests.endpoint import DemonstrationEndpoint


async def test_only_the_headers_a_request_needs_are_sent(
    double: DemonstrationEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: sk-of-somebody-else\nAuthorization: Bearer sk-of-another")

    await listen(endpoint_at(double.base_url, key="sk-ours"))
    await listen(endpoint_at(double.base_url))

    with_key, without_key = (entry.headers for entry in double.log())
    assert with_key.pop("authorization") == "Bearer sk-ours"
    for headers in (with_key, without_key):
        assert set(headers) == {
            "host",
            "connection",
            "accept",
            "content-type",
            "content-length",
            "user-agent",
            "accept-encoding",
        }
        assert headers["user-agent"] == "Shiyong"


async def test_a_redirect_is_not_followed_and_takes_no_key_along(doubles: Doubles) -> None:
    target = f"{doubles.second.base_url}/chat/completions"
    doubles.first.script(Script(refuse=Refuse(status=308, headers={"location": target})))

    heard = await listen(endpoint_at(doubles.first.base_url, key="sk-ours"))

    assert heard.words == ["bad_stream"]
    assert doubles.second.log() == []


async def test_each_endpoint_sees_its_own_key_only(doubles: Doubles) -> None:
    doubles.first.script(Script(refuse=Refuse(status=503)))
    first = endpoint_at(doubles.first.base_url, key="sk-first")
    second = endpoint_at(doubles.second.base_url, key="sk-second")

    await listen([first, second])

    assert [entry.headers["authorization"] for entry in doubles.first.log()] == ["Bearer sk-first"]
    assert [entry.headers["authorization"] for entry in doubles.second.log()] == ["Bearer sk-second"]


async def test_a_changed_key_is_used_at_once(double: DemonstrationEndpoint) -> None:
    for key in ("sk-old", "sk-new"):
        await listen(endpoint_at(double.base_url, key=key))

    assert [entry.headers["authorization"] for entry in double.log()] == ["Bearer sk-old", "Bearer sk-new"]


async def test_a_key_that_no_header_can_carry_is_not_sent(double: DemonstrationEndpoint) -> None:
    heard = await listen(endpoint_at(double.base_url, key="sk-ours\r\nx-more: 1"))

    assert heard.words == ["connect"]
    assert "sk-ours" not in str(heard.error)
    assert double.log() == []


async def test_a_base_url_may_have_a_name_a_password_and_a_query(double: DemonstrationEndpoint) -> None:
    base_url = double.base_url.replace("http://", "http://li:secret@") + "/?api-version=1"

    await listen(endpoint_at(base_url))
    await listen(endpoint_at(base_url, key="sk-ours"))

    sent = [entry.headers["authorization"] for entry in double.log()]
    assert sent == ["Basic bGk6c2VjcmV0", "Bearer sk-ours"]


async def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    double: DemonstrationEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)

    heard = await listen(endpoint_at(double.base_url))

    assert heard.error is None


async def test_a_refusal_is_read_to_64_kilobytes_at_most(double: DemonstrationEndpoint) -> None:
    double.script(Script(refuse=Refuse(status=500, body="x" * 3_000_000)))

    response = await client.open_stream(endpoint_at(double.base_url), {"messages": []})
    content = await response.content(at_most=4_000_000)
    await response.close()

    assert response.status == 500
    assert len(content) == MAX_REFUSAL_BYTES


async def test_headers_have_names_in_lower_case(double: DemonstrationEndpoint) -> None:
    double.script(Script(refuse=Refuse(status=429, headers={"Retry-After": "7"})))

    response = await client.open_stream(endpoint_at(double.base_url), {"messages": []})
    await response.close()

    assert response.headers["retry-after"] == "7"


async def test_a_broken_body_is_a_reset(double: DemonstrationEndpoint) -> None:
    double.script(Script(cut=Cut(at=Moment.AFTER_HEADERS)))
    body = {"messages": [{"role": "user", "content": ""}], "stream": True}

    response = await client.open_stream(endpoint_at(double.base_url), body)
    with pytest.raises(UpstreamReset):
        await response.content(at_most=4_000_000)
    await response.close()


async def test_two_hundred_answers_at_once(double: DemonstrationEndpoint) -> None:
    double.script(Script(first_token_s=0.2))
    endpoint = endpoint_at(double.base_url)

    answers = await asyncio.gather(*(listen(endpoint, asking(f"nonce=p{number}x tokens=5")) for number in range(200)))

    for number, heard in enumerate(answers):
        assert heard.text == "".join(f"p{number}x-{token:04d} " for token in range(1, 6))
    assert double.counters().peak_active == 200


def test_every_event_loop_has_connections_of_its_own(processes: tuple[DemonstrationEndpoint, ...]) -> None:
    double = processes[0]
    double.reset()

    async def once() -> str:
        heard = await listen(endpoint_at(double.base_url))
        await client.close()
        return heard.words[0]

    assert [asyncio.run(once()), asyncio.run(once())] == ["", ""]
