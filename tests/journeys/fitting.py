"""Does what is shown fit where it is shown? WCAG 1.4.10 and 1.4.12: nothing wider than its box, nothing cut off.

The document tells nothing of that: it is as large as the window, whatever stands in it. So each element is looked at.
"""

from playwright.async_api import Page, ViewportSize

NARROWEST = ViewportSize(width=320, height=640)
ZOOMED = ViewportSize(width=320, height=256)
"""A window of 1280 x 1024 at 400 %, in CSS pixels."""

MISFITS = """() => {
    const SIDEWAYS = 'pre, .table-scroll, .formula.is-block, textarea, input';
    const FOLDED = '[data-folded], .reasoning-tail';
    const UNSEEN = '.visually-hidden, .skip, .katex';
    const found = new Set();
    const tell = (element, what) => {
        const name = [element.localName, ...element.classList].join('.');
        found.add(`${what}: ${name} "${element.textContent.trim().slice(0, 40)}"`);
    };
    const cuts = (overflow) => overflow === 'hidden' || overflow === 'clip';
    const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll';
    const linesOf = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return [...range.getClientRects()];
    };
    const look = (element, style) => {
        const box = element.getBoundingClientRect();
        const wider = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
        const higher = element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 1;
        const abridged = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
        if (box.left < -1 || box.right > innerWidth + 1) tell(element, 'beside the window');
        if (element.matches(SIDEWAYS) || abridged) return;
        if (wider && style.overflowX !== 'visible') tell(element, 'too wide inside');
        if (higher && cuts(style.overflowY) && !element.matches(FOLDED)) tell(element, 'cut off below');
        if (scrolls(style.overflowY))
            for (const part of element.children)
                if (part.getBoundingClientRect().top - box.top + element.scrollTop < -1)
                    tell(part, 'above all scrolling');
        if (element.matches('dialog[open], :popover-open') && (box.top < -1 || box.bottom > innerHeight + 1))
            tell(element, 'higher than the window');
        if (style.display === 'inline') return;
        for (const text of element.childNodes)
            if (text.nodeType === Node.TEXT_NODE && text.data.trim())
                if (linesOf(text).some(({ left, right }) => left < box.left - 1 || right > box.right + 1))
                    tell(element, 'words beside their box');
    };
    const walk = (element) => {
        if (!(element instanceof HTMLElement) || element.matches(UNSEEN)) return;
        const style = getComputedStyle(element);
        if (style.display === 'none' || style.visibility === 'hidden') return;
        look(element, style);
        if (!element.matches(SIDEWAYS)) [...element.children].forEach(walk);
    };
    walk(document.body);
    return [...found];
}"""
"""``SIDEWAYS``: of two dimensions by nature, and scrolled by themselves. ``FOLDED``: there whole at a press."""

SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
            p { margin-bottom: 2em !important }"""
"""What a reader may do to text (WCAG 1.4.12), as a style sheet of their own."""
ADJUST = """(rules) => {
    const own = new CSSStyleSheet();
    own.replaceSync(rules);
    document.adoptedStyleSheets = [own];
}"""


async def misfits(page: Page) -> list[str]:
    """One line for each element that is wider than its box, beside the window, cut off or out of reach."""
    found: list[str] = await page.evaluate(MISFITS)
    return found


async def misfits_spaced(page: Page) -> list[str]:
    await page.evaluate(ADJUST, SPACED)
    found = await misfits(page)
    await page.evaluate(ADJUST, "")
    return [f"spaced out, {misfit}" for misfit in found]
