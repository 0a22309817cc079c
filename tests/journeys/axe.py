"""axe-core in front of a page: which rules of WCAG 2.2 AA it breaks, and where."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from tests.processes import ROOT

SOURCE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@cache
def _source() -> str:
    return SOURCE.read_text()


async def faults(page: Page, *, within: str = "html") -> list[str]:
    """One line per broken rule and element. The page's policy keeps foreign scripts out: ours comes by the debugger.

    What lies behind a dialog is inert and dimmed, and axe now and then takes it for what can be read: it is left out.
    """
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_source())
    result: dict[str, Any] = await page.evaluate(
        """([within, rules]) => axe.run(
            document.querySelector('dialog[open]') ?? within, {runOnly: rules, resultTypes: ['violations']})""",
        [within, list(RULES)],
    )
    return [
        f"{rule['id']}: {node['html'][:160]} — {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
