"""What a person may set: wrong values are refused before anything is touched, by name and with an example."""

import stat

import pytest

from app.launch import environment
from app.launch.environment import Ports
from app.launch.errors import WrongSetting
from app.launch.layout import Layout
from tests.app.launch.conftest import Toy

PORTS = Ports(valkey=40001, demonstration=40002)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://li:secret@127.0.0.1/shiyong"),
        ("DATABASE_URL", "shiyong.sqlite3"),
        ("DATABASE_URL", "postgres://li:secret@127.0.0.1:many/shiyong"),
        ("DATABASE_URL", "postgres://"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "http://:secret@127.0.0.1:6379"),
        ("MODEL_BASE_URL", "api.example.com/v1"),
        ("MODEL_BASE_URL", "ftp://api.example.com/v1"),
        ("PUBLIC_ORIGINS", "chat.example.org"),
        ("PUBLIC_ORIGINS", "https://chat.example.org,chat.example.org"),
        ("PORT", "eight"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
    ],
)
def test_refuses_a_wrong_variable_before_anything_is_touched(bare: Toy, name: str, value: str) -> None:
    before = sorted(bare.layout.root.rglob("*"))
    answer = bare.run(**{name: value}, PYTHONDONTWRITEBYTECODE="1")
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"run.py: {name} ")
    assert f"Example: {name}=" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert "secret" not in answer.stderr
    assert sorted(bare.layout.root.rglob("*")) == before


def test_an_endpoint_needs_the_name_of_a_model() -> None:
    with pytest.raises(WrongSetting, match=r"^MODEL_NAME .*Example: MODEL_NAME="):
        environment.read({"MODEL_BASE_URL": "https://127.0.0.1/v1"}, port=None)


def test_the_option_is_checked_like_the_variable_and_wins() -> None:
    with pytest.raises(WrongSetting, match=r"^--port .*Example: --port 8001"):
        environment.read({}, port="x")
    assert environment.read({"PORT": "9000"}, port="9001").port == 9001
    assert environment.read({"PORT": "9000"}, port=None).port == 9000
    assert environment.read({}, port=None).port == 8000


def test_an_empty_variable_is_an_unset_one() -> None:
    choices = environment.read({"DATABASE_URL": "", "REDIS_URL": " ", "PORT": ""}, port=None)
    assert (choices.database_url, choices.redis_url, choices.port) == (None, None, 8000)


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": "sqlite:////srv/shiyong.sqlite3"},
        {"DATABASE_URL": "postgresql://li:p%40ss@db.internal/shiyong"},
        {"REDIS_URL": "rediss://:p%40ss@cache.internal:6380/1"},
        {"MODEL_BASE_URL": "http://[::1]:8080/v1", "MODEL_NAME": "qwen"},
    ],
)
def test_takes_what_the_product_can_use(variables: dict[str, str]) -> None:
    environment.read(variables, port=None)


# --- what the processes are given -------------------------------------------------------------------------------------


def given(layout: Layout, **variables: str) -> dict[str, str]:
    choices = environment.read(variables, port="8123")
    return environment.for_processes(choices, layout, ports=PORTS, environ=variables)


def test_secrets_are_made_once_and_readable_by_their_owner_only(bare: Toy) -> None:
    first, second = given(bare.layout), given(bare.layout)
    for name in ("SECRET_KEY", "FIELD_KEY", "REDIS_URL"):
        assert first[name] == second[name]
    for path in bare.layout.secrets.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(bare.layout.secrets.stat().st_mode) == 0o700


def test_the_key_for_what_is_kept_encrypted_is_one_that_fernet_takes(bare: Toy) -> None:
    from cryptography.fernet import Fernet

    Fernet(given(bare.layout)["FIELD_KEY"])


def test_names_every_address_by_the_port_in_use(bare: Toy) -> None:
    environ = given(bare.layout)
    assert environ["PUBLIC_ORIGINS"] == "http://127.0.0.1:8123,http://localhost:8123"
    assert environ["DEMONSTRATION_URL"] == "http://127.0.0.1:40002/v1"
    assert "127.0.0.1:40001" in environ["REDIS_URL"]
    assert environ["DATABASE_URL"] == f"sqlite:///{bare.layout.var}/shiyong.sqlite3"
    assert environ["EMBEDDED"] == "1"


def test_what_the_person_set_wins(bare: Toy) -> None:
    environ = given(
        bare.layout, SECRET_KEY="mine", REDIS_URL="valkeys://cache.internal/3", PUBLIC_ORIGINS="https://chat.example"
    )
    assert environ["SECRET_KEY"] == "mine"
    assert environ["REDIS_URL"] == "rediss://cache.internal/3"  # redis-py knows no other scheme
    assert environ["PUBLIC_ORIGINS"] == "https://chat.example"
