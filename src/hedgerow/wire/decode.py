"""From the bytes of a request to the text of its JSON, in the protocol's order (§3).

The order is fixed and every step happens at most once, so that nested encodings cannot multiply:
payload, base64, form and its base64, compression, base64 again on legacy paths.
"""

from hedgerow.core import limits
from hedgerow.wire import gzip_stream, responses
from hedgerow.wire.base64_text import decode_if_base64, restore_plus_signs
from hedgerow.wire.compression import Compression, compression_header, compression_parameter
from hedgerow.wire.form import decode_form, is_form_content_type, looks_like_form
from hedgerow.wire.lz_string import decompress_lz64
from hedgerow.wire.profiles import Profile
from hedgerow.wire.query_parameters import QueryParameters
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.routes import is_legacy_path

_JSON_OPENINGS = b"{["


def decode_payload(
    request: CaptureRequest,
    query: QueryParameters,
    profile: Profile,
    decoded_bytes_max: int = limits.DECODED_BYTES_MAX,
    body_bytes_max: int = limits.BODY_BYTES_MAX,
) -> bytes:
    """The JSON text of a request, checked to be UTF-8.

    Raises `CaptureRefusal`: 400 where a step fails, 413 where the body or its decoded form is too
    large. Lenient beyond the server's code: the form content type may carry a charset, an lz64
    payload needs no form and, in `documented`, a gzip hint may be wrong.
    """
    payload = query.data or request.body
    if not payload:
        raise responses.missing_payload()
    if len(payload) > body_bytes_max:
        raise responses.too_large(f"the body is larger than {body_bytes_max} bytes")
    hint = query.compression or compression_header(request.content_encoding)
    if hint is not Compression.LZ64 and payload[0] not in _JSON_OPENINGS:
        # A brace or bracket is in no base64 alphabet, so most bodies need no look.
        payload = payload if looks_like_form(payload) else decode_if_base64(payload)
    if is_form_content_type(request.content_type):
        payload, form_hint = _form_payload(payload)
        hint = query.compression or form_hint or hint
        if hint is not Compression.LZ64:
            # Browser SDKs post base64 forms to every path, not only to the legacy ones (§15).
            payload = decode_if_base64(payload)
    text = _decompress(payload, hint, profile, decoded_bytes_max)
    if is_legacy_path(request.path):
        return _utf8(decode_if_base64(text), "invalid UTF8 in request payload")
    return text


def _form_payload(payload: bytes) -> tuple[bytes, Compression | None]:
    """The form's `data`, or all of the payload where it has none, and its compression."""
    if not looks_like_form(payload):
        raise responses.undecodable("expected form data in POST request payload")
    try:
        fields = decode_form(payload)
        hint = compression_parameter(fields.get("compression", b"").decode())
    except ValueError:
        raise responses.undecodable("invalid urlencoded form data") from None
    if "data" not in fields:
        return payload, hint
    return restore_plus_signs(fields["data"]), hint


def _decompress(
    payload: bytes, hint: Compression | None, profile: Profile, decoded_bytes_max: int
) -> bytes:
    if payload.startswith(gzip_stream.MAGIC):
        return _utf8(gzip_stream.gunzip(payload, decoded_bytes_max), "invalid gzip data")
    if hint is Compression.GZIP and profile == "upstream":
        raise responses.undecodable("invalid GZIP data")
    if hint is Compression.LZ64:
        return decompress_lz64(payload, decoded_bytes_max)
    return _utf8(payload, "invalid UTF8 in request payload")


def _utf8(payload: bytes, refusal: str) -> bytes:
    """`payload` itself; the JSON decoder does not check the text of undecoded properties."""
    if payload.isascii():
        return payload
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise responses.undecodable(refusal) from None
    return payload
