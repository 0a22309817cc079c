"""From start to end with real processes: none is left, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.launch import console
from app.launch.errors import StepFailed
from app.launch.leftovers import MARK, end, end_marked, marked
from tests.app.launch.conftest import MANAGE, Toy, wait_for

pytestmark = pytest.mark.slow

PATIENCE_S = 60
"""Longer than all that a stop allows its parts one after the other."""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_no_process_and_is_no_failure(toy: Toy, number: signal.Signals) -> None:
    process = toy.start()
    assert len(toy.living()) >= 6  # valkey, honcho, four processes, the worker's child
    process.send_signal(number)
    output, _ = process.communicate(timeout=PATIENCE_S)
    assert toy.living() == []
    assert process.returncode == 0
    assert f"Stopped by {number.name}" in output


def test_the_web_process_ends_before_what_it_needs_to_finish_its_answers(toy: Toy) -> None:
    process = toy.start()
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    ends = {role: float((toy.layout.var / f"{role}.end").read_text()) for role in ("web", "worker", "demonstration")}
    assert min(ends, key=ends.__getitem__) == "web"


def test_impatience_does_not_cut_the_stopping_off(toy: Toy) -> None:
    process = toy.start()
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    process.communicate(timeout=PATIENCE_S)
    assert toy.living() == []


@pytest.mark.parametrize("role", ["web", "worker", "demonstration"])
def test_the_death_of_one_ends_all_and_names_it(toy: Toy, role: str) -> None:
    process = toy.start()
    os.kill(toy.pid_of(role), signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert f"The process '{role}' ended unexpectedly (killed by signal 9)" in output
    assert toy.living() == []


def test_the_death_of_valkey_ends_all_and_names_it(toy: Toy) -> None:
    process = toy.start()
    command_lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in toy.living()}
    os.kill(next(pid for pid, words in command_lines.items() if b"valkey-server" in words), signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE_S)
    assert "The process 'valkey' ended unexpectedly" in output
    assert toy.living() == []


@pytest.mark.parametrize("victim", ["run.py", "honcho"])
def test_after_a_kill_the_next_start_clears_up(toy: Toy, victim: str) -> None:
    process = toy.start()
    web = toy.pid_of("web")
    if victim == "honcho":
        honcho = next(pid for pid in toy.living() if b"honcho" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(honcho, signal.SIGKILL)
        assert "honcho" in process.communicate(timeout=PATIENCE_S)[0]
        assert toy.living() == []
        return
    process.kill()
    process.wait()
    assert alive(web)
    again = toy.start()
    assert not alive(web)
    again.terminate()
    again.communicate(timeout=PATIENCE_S)
    assert toy.living() == []


def test_a_second_start_does_what_is_needed_and_no_more(toy: Toy) -> None:
    managed = toy.layout.var / "managed"
    for _ in range(2):
        process = toy.start()
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
    assert managed.read_text().split() == ["migrate", "seed"]

    (toy.layout.root / "usage" / "migrations" / "0002_more.py").touch()
    process = toy.start()
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert managed.read_text().split() == ["migrate", "seed"] * 2


def test_a_history_is_made_before_anybody_can_look(toy: Toy) -> None:
    process = toy.start("--with-history")
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert (toy.layout.var / "managed").read_text().split() == ["migrate", "seed", "usage_simulate"]


def test_a_history_that_is_refused_is_no_start(toy: Toy) -> None:
    refuse = "\nif sys.argv[1] == 'usage_simulate':\n    sys.exit('this database holds facts of real people')\n"
    (toy.layout.root / "manage.py").write_text(MANAGE + refuse)
    answer = toy.run("--port", str(toy.port), "--with-history")
    assert answer.returncode == 1
    assert "this database holds facts of real people" in answer.stderr
    assert "What was there before is kept" in answer.stderr
    assert toy.pid_of("web") == 0
    assert toy.living() == []


def test_two_starts_on_the_same_folder_do_not_fight(toy: Toy) -> None:
    first = toy.start()
    answer = toy.run("--port", str(toy.port + 1))
    assert answer.returncode == 1
    assert f"already running from {toy.layout.root}: process {first.pid}, http://127.0.0.1:{toy.port}" in answer.stderr
    assert first.poll() is None
    assert len(toy.living()) >= 6


def test_a_named_endpoint_takes_the_place_of_the_demonstration(toy: Toy) -> None:
    process = subprocess.Popen(
        [sys.executable, "run.py", "--port", str(toy.port)], cwd=toy.layout.root, start_new_session=True,
        env={**toy.environ, "MODEL_BASE_URL": "http://127.0.0.1:9/v1", "MODEL_NAME": "qwen"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    toy.started.append(process)
    assert wait_for(lambda: (toy.layout.var / "beat.pid").exists())
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert not (toy.layout.var / "demonstration.pid").exists()


def test_every_process_gets_the_settings(toy: Toy) -> None:
    toy.start()
    web, worker = toy.environ_of("web"), toy.environ_of("worker")
    assert web["PORT"] == str(toy.port)
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "FIELD_KEY",
        "PUBLIC_ORIGINS",
        "DEMONSTRATION_URL",
        "EMBEDDED",
    ):
        assert web[name] == worker[name] != ""


# --- the parts ----------------------------------------------------------------------------------------------------


def test_one_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.launch.leftovers.PATIENCE_S", 0.3)
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    process = subprocess.Popen(
        [sys.executable, "-c", stubborn], env={**os.environ, MARK: str(tmp_path)}, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        assert marked(tmp_path) == [process.pid]
        assert marked(tmp_path.parent) == []
        assert end_marked(tmp_path) == [process.pid]
        assert process.wait(timeout=5) == -signal.SIGKILL


def test_a_group_ends_with_its_leader(tmp_path: Path) -> None:
    leader = f"{sys.executable} -c 'import time; time.sleep(600)' & echo $!; wait"
    process = subprocess.Popen(["sh", "-c", leader], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    with process.stdout:
        child = int(process.stdout.readline())
        end(process)
    assert wait_for(lambda: not alive(child) or "\nState:\tZ" in Path(f"/proc/{child}/status").read_text())


def test_a_step_that_fails_shows_its_last_lines_and_says_what_is_safe(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "step.log"
    with pytest.raises(StepFailed, match=r"Database failed \(exit code 3\)\. What was there before is kept\."):
        console.step("Database", ["sh", "-c", "echo no such column; exit 3"], log=log, cwd=tmp_path, env=os.environ)
    assert "no such column" in capfd.readouterr().err


def test_a_step_without_network_says_so(tmp_path: Path) -> None:
    argv = ["sh", "-c", "echo 'NewConnectionError: Temporary failure in name resolution'; exit 1"]
    with pytest.raises(StepFailed, match="the package registry cannot be reached"):
        console.step("Python packages", argv, log=tmp_path / "pip.log", cwd=tmp_path, env=os.environ, fetches=True)
