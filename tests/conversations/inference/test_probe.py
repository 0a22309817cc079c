from app.demonstration.faults import Moment, Refuse, Script, Stall
from conversations.inference.probe import probe
from tests.conversations.inference.listening import endpoint_at
from tests.endpoint import DemonstrationEndpoint


async def test_an_endpoint_that_works(double: DemonstrationEndpoint) -> None:
    result = await probe(endpoint_at(double.base_url))

    assert (result.ok, result.status, result.models, result.detail) == (True, 200, ("demonstration",), "")
    assert result.latency_ms is not None
    assert double.log()[0].body["max_tokens"] == 16


async def test_a_wrong_key(double: DemonstrationEndpoint) -> None:
    double.script(Script(refuse=Refuse(status=401, body='{"error":{"message":"Incorrect key sk-canary"}}')))

    result = await probe(endpoint_at(double.base_url, key="sk-canary"))

    assert (result.ok, result.status, result.latency_ms) == (False, 401, None)
    assert result.detail == "unauthorized: HTTP 401 Incorrect key ***"


async def test_an_endpoint_that_hangs(double: DemonstrationEndpoint) -> None:
    double.script(Script(stall=Stall(at=Moment.AFTER_HEADERS)))

    result = await probe(endpoint_at(double.base_url), timeout_s=0.2)

    assert not result.ok
    assert result.status == 200
    assert "0.2 s" in result.detail


async def test_an_address_without_an_endpoint(double: DemonstrationEndpoint) -> None:
    result = await probe(endpoint_at(double.base_url.replace("/v1", "/nothing")))

    assert (result.ok, result.status, result.models) == (False, 404, ())


async def test_no_address() -> None:
    result = await probe(endpoint_at("http://127.0.0.1:1/v1"))

    assert (result.ok, result.status, result.models) == (False, None, ())
