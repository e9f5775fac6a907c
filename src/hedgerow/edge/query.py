"""Where a project key may stand beside the body: the query, or the authorization header."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from hedgerow.edge.request import RequestHead

PARAMETERS_MAX: Final = 100


def query_values(query_string: str) -> Mapping[str, str]:
    """The last value of each parameter; none where there are too many."""
    try:
        parsed = parse_qs(query_string, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in parsed.items()}


def bearer_token(head: RequestHead) -> str | None:
    scheme, _, token = (head.header("authorization") or "").partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None
