"""The client's address (capture-protocol §11)."""

from hedgerow.edge.request import RequestHead

ADDRESS_CHARS_MAX = 64


def client_ip(head: RequestHead, *, trust_forwarded_for: bool) -> str:
    """The left-most `X-Forwarded-For` where the operator says it can be trusted, else the peer."""
    forwarded = head.header("x-forwarded-for") if trust_forwarded_for else None
    if forwarded:
        address = forwarded.split(",", 1)[0].strip()
        if address:
            return address[:ADDRESS_CHARS_MAX]
    return head.peer_ip
