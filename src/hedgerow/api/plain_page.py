"""A plain page without script, for what must be readable where the web app is not."""

import hashlib
from base64 import b64encode
from html import escape
from importlib.resources import files
from typing import Final

from litestar import Response

_STYLE: Final = files("hedgerow.api").joinpath("plain_page.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def render_page(title: str, body: str) -> Response[str]:
    """`body` is markup: whatever comes from outside must have been escaped."""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - Hedgerow</title><style>{_STYLE}</style></head>"
        '<body><header><span class="mark"></span>Hedgerow</header>'
        f"<main>{body}</main></body></html>"
    )
    return Response(text, media_type="text/html; charset=utf-8", headers=HEADERS)
