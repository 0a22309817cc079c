"""The shape: every error is mapped, drawn and has its words; every export is real."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import conversations.inference
from conversations.inference import errors
from conversations.inference.errors import CallFailed, InferenceError, NoEndpointAvailable
from conversations.inference.failures import failure_of_error, failure_of_response, retry_after_s
from conversations.inference.types import ErrorClass
from tests.conversations.inference.listening import asking, endpoint_at

PACKAGE = Path(conversations.inference.__file__).parent
TREE = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, InferenceError)}
LEAVES = [kind for kind in TREE.values() if issubclass(kind, CallFailed) and "error_class" in vars(kind)]

REASONS = {
    "unavailable",
    "refused",
    "content_filter",
    "first_token_timeout",
    "bad_stream",
    "upstream_reset",
    "stall",
    "max_time",
}
"""Those of docs/protocol.md that can come from here."""


def test_every_error_is_drawn_in_the_docstring_under_its_parent() -> None:
    drawn: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"([│├└─ ]*)([A-Z]\w+)(\s|$)", line):
            depth, name = len(found[1]), found[2]
            if name not in TREE:
                continue
            path = [step for step in path if step[0] < depth]
            drawn[name] = path[-1][1] if path else ""
            path.append((depth, name))

    assert drawn == {name: "" if kind is InferenceError else kind.__bases__[0].__name__ for name, kind in TREE.items()}


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.__name__)
def test_every_error_has_its_words(kind: type[CallFailed]) -> None:
    assert kind.reason in REASONS
    assert isinstance(kind.retryable, bool)
    assert isinstance(kind.error_class, ErrorClass)


def test_every_word_belongs_to_one_error_and_back() -> None:
    words = [kind.error_class for kind in LEAVES]

    assert sorted(words) == sorted(set(ErrorClass) - {ErrorClass.CANCELLED})


def test_no_endpoint_available_has_a_reason_whatever_the_causes() -> None:
    for kind in LEAVES:
        if issubclass(kind, errors.EndpointFailed):
            assert NoEndpointAvailable([kind()]).reason in REASONS
            assert NoEndpointAvailable([kind(), errors.ConnectFailed()]).reason in REASONS


def test_every_status_is_mapped() -> None:
    for status in [*range(201, 600), 999]:
        failure = failure_of_response(status, {}, b"", endpoint=endpoint_at("http://127.0.0.1/v1"), ask=asking())

        assert failure.status == status
        assert type(failure) in LEAVES


@pytest.mark.parametrize(
    ("error", "word"),
    [
        ({"code": 500}, "http_5xx"),
        ({}, "http_5xx"),
        ({"type": "overloaded_error"}, "http_5xx"),
        ({"code": 429}, "http_429"),
        ({"code": "429"}, "http_429"),
        ({"code": "rate_limit_exceeded"}, "http_429"),
        ({"type": "Throttling.User"}, "http_429"),
        ({"code": "9" * 5000}, "http_5xx"),
        ({"code": 400}, "rejected"),
        ({"type": "invalid_request_error"}, "rejected"),
        ({"type": "BadRequestError", "code": 400}, "rejected"),
        ({"code": "invalid_api_key"}, "unauthorized"),
        ({"code": 401}, "unauthorized"),
        ({"code": "DataInspectionFailed"}, "filtered"),
        ({"type": "content_filter"}, "filtered"),
    ],
)
def test_errors_inside_a_200_are_mapped(error: dict[str, object], word: str) -> None:
    failure = failure_of_error(error, endpoint=endpoint_at("http://127.0.0.1/v1"), ask=asking())

    assert failure.error_class == word


def test_the_key_and_the_prompt_stay_out_of_the_detail() -> None:
    endpoint = endpoint_at("http://127.0.0.1/v1", key="sk-canary-123")
    ask = asking("my diary of last summer")
    echo = b'{"error":{"message":"bad input: my diary of last summer","type":"invalid","code":"sk-canary-123"}}'
    leak = b'{"error":{"message":"Incorrect API key provided: sk-canary-123\\u0007"}}'

    quoted = failure_of_response(400, {}, echo, endpoint=endpoint, ask=ask)
    leaked = failure_of_response(401, {}, leak, endpoint=endpoint, ask=ask)

    assert quoted.detail == "HTTP 400 invalid *** (message withheld: it quotes the prompt)"
    assert leaked.detail == "HTTP 401 Incorrect API key provided: ***"
    assert "canary" not in repr(endpoint)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("2", 2.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_every_form_of_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


def test_nothing_of_the_house_is_imported() -> None:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert not name.startswith(("django", "app", "usage", "channels", "celery", "redis"))
                assert not name.startswith("conversations") or name.startswith("conversations.inference")
                assert not name.startswith("openai") or file.name == "proxied.py"


@pytest.mark.parametrize("export", re.findall(r"``(\w+)\.(\w+)``", conversations.inference.__doc__ or ""))
def test_every_export_is_real(export: tuple[str, str]) -> None:
    module = __import__(f"conversations.inference.{export[0]}", fromlist=[export[1]])

    assert callable(getattr(module, export[1]))
