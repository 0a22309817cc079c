"""Short turns, 64 at a time, as fast as the server can: 20 tokens without a pause, every write. P8 and P9.

P8 is what the web process's database threads take, by the scheduler's account: building statements, driver, facts and
marks, reads included. The event loop's part in crossing to them and back is not in it. With SQLite the database itself
is in it, so it is judged with PostgreSQL only; P9 likewise.
"""

from tests.load.bench import Bench, Plan
from tests.load.modes import Mode
from tests.load.rounds import Round
from tests.load.stage import Database
from tests.load.verdicts import Figure, Verdict, judged, median


class Short(Mode):
    name = "short"

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._load = plan.load(64, rate=0, tokens=20, first_token_s=0)
        self._rounds: list[Round] = []
        self._database: Database | None = None

    @property
    def people(self) -> int:
        return self._load.streams + 1

    @property
    def results(self) -> list[Round]:
        return self._rounds

    def measure(self, bench: Bench) -> None:
        self._database = bench.stage.database
        self._rounds.append(bench.round(self._load))

    def verdicts(self) -> list[Verdict]:
        rounds = self._rounds
        database = Figure(measured=median(one.database_ms_per_turn for one in rounds), bound=3.0, form="{:.2f} ms")
        turns = Figure(measured=median(one.turns_per_s for one in rounds), bound=200, form="{:.0f}/s", is_least=True)
        whole = f"{median(one.cpu_ms_per_turn for one in rounds):.1f} ms of CPU a turn in all" if rounds else ""
        remarks = [f"on {self._database}", whole] if rounds else []
        return [
            judged("P8", "CPU of a turn's database work, PostgreSQL", [database], rounds, remarks=remarks[:1]),
            judged("P9", "short turns per second and core, PostgreSQL", [turns], rounds, remarks=remarks),
        ]
