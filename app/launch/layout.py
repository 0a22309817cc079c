"""Where things lie. Everything that run.py makes is below var/, but for frontend/dist and node_modules."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    root: Path

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def venv(self) -> Path:
        return self.var / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def requirements(self) -> Path:
        return self.root / "requirements"

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"


HERE = Layout(Path(__file__).resolve().parents[2])
