"""The tests of the test command."""

from app.launch.layout import HERE
from app.launch.testing import WITHOUT_A_DATABASE


def test_what_is_not_run_again_is_there() -> None:
    """pytest says nothing of a path it is to ignore and that is nowhere."""
    assert [path for path in WITHOUT_A_DATABASE if not (HERE.root / path).exists()] == []
