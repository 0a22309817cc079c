"""However an endpoint writes its stream, the same is heard (faults F11 and F12, over a real connection)."""

import pytest

from app.demonstration.faults import Script, Wire
from conversations.inference.errors import NoEndpointAvailable
from tests.conversations.inference.listening import asking, endpoint_at, listen, numbered
from tests.endpoint import DemonstrationEndpoint

WIRES = {
    "LF": Wire(),
    "CR": Wire(newline="\r"),
    "CRLF": Wire(newline="\r\n"),
    "a BOM": Wire(bom=True),
    "comments, ids, types, unknown fields": Wire(noise=True),
    "JSON over several lines": Wire(multi_line=True),
    "every byte apart": Wire(bytes_per_write=1),
    "every byte apart, CRLF": Wire(bytes_per_write=1, newline="\r\n"),
    "three bytes apart": Wire(bytes_per_write=3),
    "all of it": Wire(bytes_per_write=2, newline="\r\n", bom=True, noise=True, multi_line=True),
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
async def test_the_same_is_heard(wire: Wire, double: DemonstrationEndpoint) -> None:
    double.script(Script(wire=wire, text="你好，😀 wörld", thinking="嗯…"))

    heard = await listen(endpoint_at(double.base_url), asking(thinking=True))

    assert heard.error is None
    assert (heard.text, heard.thinking) == ("你好，😀 wörld", "嗯…")
    assert heard.finished is not None
    assert heard.finished.usage.output_tokens


async def test_an_odd_content_type_is_read_all_the_same(double: DemonstrationEndpoint) -> None:
    double.script(Script(content_type="text/plain; charset=utf-8"))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.text == numbered("li", 20)


LITERALS = {
    "broken UTF-8": (('"a\xff"', '"\xe4\xbd"', '"b"'), "a\ufffd\ufffdb"),
    "a pair in two deltas": (('"\\ud83d"', '"\\ude00"'), "😀"),
    "half a pair at the end": (('"a"', '"\\ud83d"'), "a\ufffd"),
    "half a pair in the middle": (('"\\ud83d"', '"a"'), "\ufffda"),
    "NUL": (('"a\\u0000b"',), "a\ufffdb"),
    "bidi": (('"\\u202egnp.exe"',), "\u202egnp.exe"),
    "null and empty": (("null", '""', '"a"'), "a"),
    "a number": (("1", '"a"'), "a"),
}


@pytest.mark.parametrize(("literals", "text"), LITERALS.values(), ids=LITERALS)
async def test_any_text_arrives_fit_to_be_stored(
    literals: tuple[str, ...], text: str, double: DemonstrationEndpoint
) -> None:
    double.script(Script(literals=literals))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.error is None
    assert heard.text == text
    heard.text.encode()


async def test_what_came_before_a_broken_chunk_is_kept(double: DemonstrationEndpoint) -> None:
    words = '{"choices":[{"index":0,"delta":{"content":"well"}}]}'
    double.script(Script(replay=(words, "{broken")))

    heard = await listen(endpoint_at(double.base_url))

    assert heard.text == "well"
    assert heard.error is not None
    assert heard.error.reason == "bad_stream"
    assert not isinstance(heard.error, NoEndpointAvailable)
