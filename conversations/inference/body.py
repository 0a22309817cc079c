"""The JSON body of a chat completion request: the protocol's core, and the dialect each endpoint declares."""

from conversations.inference.types import Ask, Endpoint, PrefixStyle, ThinkingStyle

_GO_ON = {
    "zh": "你的上一条回答在中途断开了。请从最后一个字接着写，不要重复已写的内容，也不要说明。",
    "en": "Your last answer was cut off. Go on exactly where it ends: repeat nothing, explain nothing.",
}


def chat_body(endpoint: Endpoint, ask: Ask, *, stream: bool, max_tokens: int | None = None) -> dict[str, object]:
    """``max_tokens`` overrides the endpoint's own maximum."""
    body: dict[str, object] = {"model": endpoint.remote_name, "messages": _messages(endpoint, ask), "stream": stream}
    if stream:
        options = {"include_usage": True}
        if endpoint.running_usage:
            options["continuous_usage_stats"] = True
        body["stream_options"] = options
    limit = max_tokens or endpoint.max_output_tokens
    if limit:
        # OpenAI's reasoning models, the ones that know an effort, refuse the old name.
        effort = endpoint.thinking_style is ThinkingStyle.REASONING_EFFORT
        body["max_completion_tokens" if effort else "max_tokens"] = limit
    if ask.prefix and endpoint.prefix_style is PrefixStyle.CONTINUE_FINAL_MESSAGE:
        body["continue_final_message"] = True
        body["add_generation_prompt"] = False
    return body | _thinking(endpoint, ask)


def _messages(endpoint: Endpoint, ask: Ask) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = [{"role": part.role, "content": part.content} for part in ask.prompt]
    if not ask.prefix:
        return messages
    so_far: dict[str, object] = {"role": "assistant", "content": ask.prefix}
    messages.append(so_far)
    match endpoint.prefix_style:
        case PrefixStyle.PARTIAL:
            so_far["partial"] = True
        case PrefixStyle.PREFIX:
            so_far["prefix"] = True
        case PrefixStyle.NONE:
            messages.append({"role": "user", "content": _GO_ON["zh" if _is_chinese(ask.prefix) else "en"]})
    return messages


def _thinking(endpoint: Endpoint, ask: Ask) -> dict[str, object]:
    # A prefix is already the answer: DashScope refuses to reason before it, and templates have no place for it.
    thinking = ask.thinking and not (ask.prefix and endpoint.prefix_style is not PrefixStyle.NONE)
    match endpoint.thinking_style:
        case ThinkingStyle.ENABLE_THINKING:
            return {"enable_thinking": thinking}
        case ThinkingStyle.CHAT_TEMPLATE:
            return {"chat_template_kwargs": {"enable_thinking": thinking}}
        case ThinkingStyle.REASONING_EFFORT:
            return {"reasoning_effort": "medium" if thinking else "low"}
        case ThinkingStyle.NONE:
            return {}


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text[:2000])
