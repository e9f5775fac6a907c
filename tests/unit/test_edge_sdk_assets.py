"""The browser SDK's scripts: only its own files, cached as long as an address is exact."""

import gzip
from pathlib import Path

import pytest

from hedgerow.edge.sdk_assets import AssetAnswer, SdkAssets

SCRIPT = b"console.log(1)" * 20


@pytest.fixture
def assets(tmp_path: Path) -> SdkAssets:
    folder = tmp_path / "sdk"
    folder.mkdir()
    (folder / "version").write_text("1.449.2\n")
    (folder / "array.js").write_bytes(SCRIPT)
    (folder / "array.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "plain-only.js").write_bytes(SCRIPT)
    (tmp_path / "secret.js").write_text("secret")
    return SdkAssets(folder)


def get(assets: SdkAssets, path: str, encoding: str = "", etag: str | None = None) -> AssetAnswer:
    return assets.answer("GET", path, encoding, etag)


def header(answer: AssetAnswer, name: str) -> str:
    return dict(answer.headers).get(name, "")


@pytest.mark.parametrize(
    ("path", "is_immutable"),
    [
        ("/static/array.js", False),
        ("/static/1/array.js", False),
        ("/static/1.449.2/array.js", True),
        ("/static/1.400.0/array.js", False),
    ],
)
def test_only_the_exact_version_is_cached_for_ever(
    assets: SdkAssets, path: str, is_immutable: bool
) -> None:
    answer = get(assets, path)

    assert answer.status == 200
    assert answer.file is not None
    assert answer.file.read_bytes() == SCRIPT
    assert ("immutable" in header(answer, "cache-control")) is is_immutable
    assert header(answer, "content-type").startswith("application/javascript")
    assert header(answer, "access-control-allow-origin") == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/static/2/array.js",
        "/static/toolbar.js",
        "/static/../secret.js",
        "/static/%2e%2e/secret.js",
        "/static/..%2fsecret.js",
        "/static/version",
        "/static/array.js.gz",
        "/static/array.js/",
        "/static/1.449/array.js",
    ],
)
def test_nothing_else_is_there_and_the_answer_can_be_read(assets: SdkAssets, path: str) -> None:
    answer = get(assets, path)

    assert answer.status == 404
    assert answer.file is None
    assert header(answer, "access-control-allow-origin") == "*"


def test_the_compressed_file_is_sent_where_it_is_understood(assets: SdkAssets) -> None:
    both = get(assets, "/static/array.js", "br, gzip;q=0.8")
    refused = get(assets, "/static/array.js", "gzip;q=0")
    without = get(assets, "/static/plain-only.js", "gzip")

    assert header(both, "content-encoding") == "gzip"
    assert both.file is not None
    assert gzip.decompress(both.file.read_bytes()) == SCRIPT
    assert header(refused, "content-encoding") == ""
    assert header(without, "content-encoding") == ""
    assert header(both, "vary") == "accept-encoding"


def test_a_known_etag_is_answered_without_a_body(assets: SdkAssets) -> None:
    first = header(get(assets, "/static/array.js", "gzip"), "etag")

    again = get(assets, "/static/array.js", "gzip", f'"other", W/{first}')
    other_encoding = get(assets, "/static/array.js", "", first)

    assert (again.status, again.file) == (304, None)
    assert other_encoding.status == 200


def test_a_head_has_no_body_and_other_methods_are_refused(assets: SdkAssets) -> None:
    head = assets.answer("HEAD", "/static/array.js", None, None)
    post = assets.answer("POST", "/static/array.js", None, None)

    assert (head.status, head.file) == (200, None)
    assert header(head, "content-length") == str(len(SCRIPT))
    assert post.status == 405


def test_a_package_without_the_scripts_answers_404(tmp_path: Path) -> None:
    assert get(SdkAssets(tmp_path / "none"), "/static/array.js").status == 404
