"""How much memory a process has, as Linux counts it; kernel buffers of sockets are not in it."""

from pathlib import Path

from tests.processes import Process


def resident_mb(process: Process) -> float:
    return _status_mb(process, "VmRSS")


def forget_peak(process: Process) -> None:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def peak_mb(process: Process) -> float:
    """The most it had at once since ``forget_peak``."""
    return _status_mb(process, "VmHWM")


def _status_mb(process: Process, name: str) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))
