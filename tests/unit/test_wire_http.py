"""Routes, cross-origin headers, tokens: what stands around the body."""

import pytest

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.cors import preflight_headers, response_headers
from hedgerow.wire.routes import is_capture_path, is_engage_path, is_legacy_path
from hedgerow.wire.tokens import checked_token


@pytest.mark.parametrize(
    "path", ["/e", "/batch", "/i/v0/e", "/capture", "/track", "/engage", "/i/v0/ai/batch"]
)
def test_every_capture_path_is_served_with_and_without_a_slash(path: str) -> None:
    assert is_capture_path(path)
    assert is_capture_path(path + "/")


@pytest.mark.parametrize("path", ["/", "", "/e//", "/flags", "/s/", "/i/v0/ai", "/batch/x"])
def test_other_paths_are_not_capture(path: str) -> None:
    assert not is_capture_path(path)


def test_only_the_old_paths_unwrap_base64_twice() -> None:
    assert all(is_legacy_path(path) for path in ("/e", "/e/", "/capture/", "/engage", "/track"))
    assert not any(is_legacy_path(path) for path in ("/i/v0/e", "/batch/", "/engineering"[:4]))
    assert is_engage_path("/engage/")


def test_the_origin_is_mirrored_and_never_a_star() -> None:
    headers = dict(preflight_headers("https://a.example", "content-type,x-custom"))
    assert headers["access-control-allow-origin"] == "https://a.example"
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["access-control-allow-headers"] == "content-type,x-custom"
    assert headers["access-control-allow-methods"] == "GET,POST,OPTIONS"


def test_without_an_origin_nothing_is_allowed() -> None:
    assert [name for name, _ in response_headers(None)] == ["vary"]
    assert "access-control-allow-headers" not in dict(preflight_headers(None, None))


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (" ", "empty"),
        ("é" * 33, "too_long"),
        ("é", "not_ascii"),
        ("phx_a", "personal_api_key"),
        ("a\0b", "null_byte"),
    ],
)
def test_a_malformed_token_is_refused_with_the_first_reason(token: str, reason: str) -> None:
    with pytest.raises(CaptureRefusal) as caught:
        checked_token(token)
    assert (caught.value.status, caught.value.text) == (401, f"API key is not valid: {reason}")


def test_a_token_is_trimmed_and_needs_no_prefix() -> None:
    assert checked_token(f" {'x' * 64}\n") == "x" * 64
