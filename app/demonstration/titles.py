"""Short titles, and the topic that answers mention."""

import re

from app.demonstration.chat import ChatRequest

_ASKS_FOR_TITLE = re.compile(r"标题|\btitle\b", re.I)
_LABEL = re.compile(r"^\s*(用户|问题|提问|user|question|human)\s*[:：]\s*", re.I)
_OPENING = re.compile(
    r"^\s*((你好|您好|请问|请|麻烦|帮我|给我|帮忙|我想要?|我需要|能不能|可以|能|一下|[,，、!！\s])+"
    r"|((hi|hello|hey|please|can you|could you|would you|help me( to)?|i want to|i need to|i'd like to|how do i|how to|"
    r"tell me( about)?)[\s,!]+)+)",
    re.I,
)
_END = re.compile(r"[。！？!?；;：:\n]|\. ")
MAX_HAN = 14
MAX_WORDS = 7


def is_title_request(request: ChatRequest) -> bool:
    """The product asks for titles in one piece, an answer always streams."""
    instructions = f"{request.system}\n{request.question}"
    return not request.stream and bool(_ASKS_FOR_TITLE.search(instructions))


def title(request: ChatRequest) -> str:
    """From the first thing that the person said, wherever the product puts it."""
    said = [message.text for message in request.messages if message.role == "user"]
    lines = [line for text in said for line in text.splitlines() if line.strip()]
    labelled = [line for line in lines if _LABEL.match(line)]
    plain = [line for line in lines if not _ASKS_FOR_TITLE.search(line)]
    return topic_of(_LABEL.sub("", (labelled or plain or lines or [""])[0]))


def topic_of(question: str) -> str:
    """The beginning of a question without its courtesies, short enough for a sidebar."""
    text = " ".join(question.replace("{", "").replace("}", "").split())
    text = _OPENING.sub("", text) or text
    text = _END.split(text)[0].strip(" ,，、。.!！?？\"'“”") or text.strip()
    if re.search(r"[\u4e00-\u9fff]", text):
        return text if len(text) <= MAX_HAN else text[:MAX_HAN].rstrip("，,、的 ") + "…"
    words = text.split()
    short = " ".join(words[:MAX_WORDS])[:60]
    return short[:1].upper() + short[1:] + ("…" if len(words) > MAX_WORDS else "")
