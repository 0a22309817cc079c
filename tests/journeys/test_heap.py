"""What one very long answer costs the page in memory: while it is there, and once the reader has left it."""

import json
from dataclasses import asdict, dataclass

import pytest
from playwright.async_api import CDPSession, Page, expect

from app.accounts.models import User
from app.demonstration.chat import pieces_of
from app.demonstration.faults import Script
from tests.endpoint import DemonstrationEndpoint
from tests.journeys.conftest import PICTURES, sign_in
from tests.journeys.test_first_visit import answer, ask

pytestmark = pytest.mark.slow

SECTION = """## 第{number}天

**注意：**城墙从永宁门上去，*慢慢走*，老人一天走六千步就够了。见 [官网](https://example.org/a) 与 `npm run build`。

- 上午：城墙与钟楼，走得慢一些，多坐一会儿。
- 下午：回坊，*少吃多看*。

| 天 | 上午 | 下午 |
|---|---|---|
| 一 | 城墙 | 钟楼 |

```python
def steps(day: int) -> str:
    return f"{{day * 2000}} 步"
```

"""
TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class Heap:
    """After a collection of garbage, in bytes; ``nodes`` of the page's documents, also such as are in no tree."""

    script: int
    embedder: int
    nodes: int

    def __sub__(self, other: "Heap") -> "Heap":
        return Heap(self.script - other.script, self.embedder - other.embedder, self.nodes - other.nodes)


async def test_a_very_long_answer_is_let_go_of(page: Page, web: str, li: User, endpoint: DemonstrationEndpoint) -> None:
    """The second one is judged: what the first one leaves behind for good does not come again."""
    text = _long()
    sections = text.count("## ")
    endpoint.script(Script(contains="长文", text=text, tokens_per_s=4000))
    endpoint.script(Script(contains="短文", text=SECTION.format(number=1)))
    protocol = await page.context.new_cdp_session(page)
    await sign_in(page, li)
    await page.goto("/")
    await ask(page, "短文")
    await _is_whole(page, sections=1)
    await _leave(page)
    heaps = {"before": await heap_of(protocol)}
    for turn in ("first", "second"):
        await ask(page, f"长文 {turn}")
        await _is_whole(page, sections=sections)
        heaps[turn] = await heap_of(protocol)
        address = page.url
        await _leave(page)
        heaps[f"{turn}_left"] = await heap_of(protocol)
    await page.goto(address)
    await _is_whole(page, sections=sections)
    heaps["opened"] = await heap_of(protocol)
    _keep(text, heaps)
    took = heaps["second"] - heaps["first_left"]
    stayed = heaps["second_left"] - heaps["first_left"]
    assert took.nodes > sections * 10
    assert stayed.nodes < took.nodes / 10
    assert stayed.script < took.script / 4


def _keep(text: str, heaps: dict[str, Heap]) -> None:
    figures: dict[str, object] = {"characters": len(text), "tokens": len(pieces_of(text))}
    figures |= {name: asdict(heap) for name, heap in heaps.items()}
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "long-stream-heap.json").write_text(json.dumps(figures, indent=1))


def _long() -> str:
    sections: list[str] = []
    tokens = 0
    while tokens < TOKENS:
        sections.append(SECTION.format(number=len(sections) + 1))
        tokens += len(pieces_of(sections[-1]))
    return "".join(sections)


async def _is_whole(page: Page, *, sections: int) -> None:
    await expect(answer(page, 0)).to_have_attribute("data-state", "completed", timeout=120_000)
    await expect(answer(page, 0)).to_have_attribute("aria-busy", "false")
    await expect(answer(page, 0).locator(".prose h3")).to_have_count(sections)
    await expect(answer(page, 0).locator(".prose [class^=tk-]").last).to_be_attached()


async def _leave(page: Page) -> None:
    await page.get_by_role("link", name="新对话").first.click()
    await expect(page.locator("[data-generation]")).to_have_count(0)
    await expect(page.get_by_role("main").get_by_role("link", name="翻译")).to_be_visible()


async def heap_of(protocol: CDPSession) -> Heap:
    await protocol.send("HeapProfiler.collectGarbage")
    usage = await protocol.send("Runtime.getHeapUsage")
    counted = await protocol.send("Memory.getDOMCounters")
    return Heap(usage["usedSize"], usage["embedderHeapUsedSize"], counted["nodes"])
