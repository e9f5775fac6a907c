"""Events about language models: whole prompts and answers, so they may be larger (§10)."""

_PREFIX = "$ai_"


def is_ai_event(name: str | None) -> bool:
    return name is not None and name.startswith(_PREFIX)
