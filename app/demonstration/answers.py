"""What the demonstration says: canned Markdown (texts/), chosen by language, scenario and length.

Always the same for the same request, so that an answer can be continued.
"""

import re
from functools import cache
from pathlib import Path

from app.demonstration.chat import ChatRequest
from app.demonstration.titles import topic_of

_TEXTS = Path(__file__).parent / "texts"

_SCENARIOS = {
    "translate": r"翻译|译文|译成|translat",
    "code": r"编程|代码|程序|报错|\bcod(e|ing)\b|programm|python|javascript|\bbugs?\b",
    "read": r"读长文|读文档|文档|附件|原文里|\bread\b|reading|\bdocuments?\b|attached",
    "study": r"学习|讲解|老师|解题|作业|\bstud(y|ent)|tutor|teach|homework|explain",
    "office": r"办公|会议|纪要|周报|汇报|\boffice\b|meeting|minutes|report|spreadsheet",
    "life": r"生活|出行|旅行|旅游|行程|日游|菜谱|做菜|\blife\b|travel|\btrip\b|daily|recipe|\bcook",
    "write": r"写作|润色|改写|文案|写一[封篇段份]|\bwrit(e|ing)\b|rewrite|polish|\bdraft|essay",
    "chat": r"闲聊|陪伴|聊天|company|companion|small talk|casual|心情|难过",
}
_GREETING = re.compile(
    r"\s*(你好|您好|嗨|哈喽|在吗|早上好|晚上好|hi|hello|hey|good (morning|evening))[\s!！。.,，~～?？]*", re.I
)
_WHO = re.compile(r"你是谁|你是什么|你能做什么|你会什么|who are you|what are you|what can you do", re.I)
_GO_ON = re.compile(r"断开|接着写|继续|cut off|go on|continue", re.I)
_LONGER = re.compile(r"长一点|更长|长文|很长|长篇|长回答|详细|\blong(er)?\b|in detail|detailed|at length", re.I)
_SHORTER = re.compile(r"短一点|更短|简短|一句话|精简|\bshort(er)?\b|\bbrief|one sentence", re.I)
_HINT = re.compile(r"这一次请答得.*|make this answer .*", re.I)
"""How the product passes on "shorter" and "longer" when an answer is written again."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def language_of(text: str) -> str:
    """Judged by its beginning, a Han character against a Latin word: people quote other languages further on."""
    beginning = text.strip()[:60]
    han = len(_HAN.findall(beginning))
    return "zh" if han and han >= len(re.findall(r"[A-Za-z]+", beginning)) else "en"


def answer(request: ChatRequest) -> str:
    """The whole answer, also when its beginning is already there (``ChatRequest.so_far``)."""
    question, so_far = _question(request)
    return _remaining(_answer(question, request.system), so_far or request.so_far)


def thinking(request: ChatRequest) -> str:
    question, _ = _question(request)
    return _text(language_of(question), "thinking").replace("{topic}", topic_of(question))


def _answer(question: str, system: str) -> str:
    language = language_of(question)
    hint = _HINT.search(system)
    wanted = hint[0] if hint else question
    if _GREETING.fullmatch(question) or _WHO.search(question):
        names = ["hello"]
    elif _SHORTER.search(wanted):
        names = ["short"]
    else:
        names = [_scenario(question, system)]
        if _LONGER.search(wanted):
            names.append("long")
    text = "\n\n".join(_text(language, name) for name in names)
    return text.replace("{topic}", topic_of(question)).replace("{question}", _quoted(question))


def _scenario(question: str, system: str) -> str:
    """The product's instructions decide; without them, the question."""
    for text in (system, question):
        found = {name: len(re.findall(words, text, re.I)) for name, words in _SCENARIOS.items()}
        best = max(found, key=lambda name: found[name])
        if found[best]:
            return best
    return "general"


def _question(request: ChatRequest) -> tuple[str, str]:
    """The question and, if the product asks in words to go on with an answer that was cut, that answer."""
    talk = [message for message in request.messages if message.role != "system"]
    if len(talk) >= 3 and talk[-2].role == "assistant" and _GO_ON.search(talk[-1].text) and len(talk[-1].text) < 200:
        return talk[-3].text, talk[-2].text
    return request.question, ""


def _remaining(whole: str, so_far: str) -> str:
    if not so_far:
        return whole
    return whole[len(so_far) :] if len(so_far) < len(whole) else ""


def _quoted(question: str) -> str:
    lines = question.strip().splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines[:6]) + ("\n> …" if len(lines) > 6 else "")


@cache
def _text(language: str, name: str) -> str:
    return (_TEXTS / language / f"{name}.md").read_text(encoding="utf-8").strip()
