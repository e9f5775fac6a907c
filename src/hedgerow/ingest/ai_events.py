"""The step for `$ai_*` events: ids as text, token counts as numbers, costs added up (§15).

Prices of models are not known here: a cost is the sum or the product of what the event carries.
"""

from typing import Any, Final

from hedgerow.core.numbers import is_number
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning

AI_EVENTS: Final = frozenset(
    ("$ai_generation", "$ai_embedding", "$ai_span", "$ai_trace", "$ai_metric", "$ai_feedback")
)
_PRICED_EVENTS: Final = frozenset(("$ai_generation", "$ai_embedding"))
_IDS: Final = (
    *("$ai_trace_id", "$ai_parent_id", "$ai_span_id", "$ai_generation_id", "$ai_session_id"),
)
_TOKEN_COUNTS: Final = (
    *("$ai_input_tokens", "$ai_output_tokens", "$ai_reasoning_tokens"),
    *("$ai_cache_read_input_tokens", "$ai_cache_creation_input_tokens"),
)


def prepare_ai_event(event: IngestEvent, context: StepContext) -> Drop | None:
    if event.name not in AI_EVENTS:
        return None
    properties = event.properties
    for name in _IDS:
        value = properties.get(name)
        if isinstance(value, bool):
            properties[name] = "true" if value else "false"
        elif is_number(value):
            properties[name] = str(value)
    for name in _TOKEN_COUNTS:
        if properties.get(name) is not None and not is_number(properties[name]):
            properties[name] = None
            context.warnings.append(
                event_warning(event, "invalid_ai_token_property", property=name)
            )
    if event.name in _PRICED_EVENTS:
        _add_costs(properties)
    return None


def _add_costs(properties: dict[str, Any]) -> None:
    for part in ("input", "output"):
        tokens = properties.get(f"$ai_{part}_tokens")
        price = properties.get(f"$ai_{part}_token_price")
        if is_number(tokens) and is_number(price):
            properties.setdefault(f"$ai_{part}_cost_usd", tokens * price)
    costs = [properties.get(f"$ai_{part}_cost_usd") for part in ("input", "output")]
    known = [cost for cost in costs if is_number(cost)]
    if known:
        properties.setdefault("$ai_total_cost_usd", sum(known))
