"""The browser SDK's own scripts, served from the files of its npm package (sdk-contract §8.3).

A name is looked up in the list made at start, so no path can leave the folder. The files lie there
compressed too. Only the exact version in an address fixes what it holds for ever.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hedgerow.edge.request import Headers

VERSION_FILE: Final = "version"
_PATH = re.compile(r"/static/(?:(\d+(?:\.\d+\.\d+)?)/)?([a-z0-9.-]+\.js)", re.ASCII)
_FOREVER = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300, stale-while-revalidate=3600"
_HEADERS: Final = (
    ("access-control-allow-origin", "*"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("x-content-type-options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class AssetAnswer:
    """`file` is None where there is no body to send."""

    status: int
    headers: Headers
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class _Asset:
    file: Path
    compressed: Path | None
    digest: str


class SdkAssets:
    """Scans `folder` once (blocking). Without the folder every answer is a 404."""

    def __init__(self, folder: Path) -> None:
        self._assets = {file.name: _asset(file) for file in sorted(folder.glob("*.js"))}
        version = folder / VERSION_FILE
        self.version = version.read_text().strip() if version.exists() else ""

    @staticmethod
    def is_asset_path(path: str) -> bool:
        """Whether `path` asks for a script; anything else below `/static/` is not ours."""
        return _PATH.fullmatch(path) is not None

    def answer(
        self, method: str, path: str, accept_encoding: str | None, if_none_match: str | None
    ) -> AssetAnswer:
        """200 with the file to send, 304, 404 or 405; readable from every origin."""
        if method not in ("GET", "HEAD"):
            return AssetAnswer(405, [*_HEADERS, ("allow", "GET, HEAD, OPTIONS")])
        match = _PATH.fullmatch(path)
        asset = self._assets.get(match[2]) if match else None
        if match is None or asset is None or not self._has_version(match[1]):
            return AssetAnswer(404, [*_HEADERS, ("cache-control", "no-store")])
        compressed = asset.compressed if _takes_gzip(accept_encoding) else None
        etag = f'"{asset.digest}{"-gzip" if compressed else ""}"'
        headers = [
            *_HEADERS,
            ("cache-control", _FOREVER if match[1] == self.version else _SHORT),
            ("etag", etag),
            ("vary", "accept-encoding"),
        ]
        if _matches(if_none_match, etag):
            return AssetAnswer(304, headers)
        headers.append(("content-type", "application/javascript; charset=utf-8"))
        if compressed:
            headers.append(("content-encoding", "gzip"))
        file = compressed or asset.file
        headers.append(("content-length", str(file.stat().st_size)))
        return AssetAnswer(200, headers, None if method == "HEAD" else file)

    def _has_version(self, asked: str | None) -> bool:
        """Any version of our major: an older SDK runs with newer parts rather than with none."""
        return asked is None or asked.split(".")[0] == self.version.split(".")[0]


def _asset(file: Path) -> _Asset:
    compressed = file.with_name(file.name + ".gz")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:20]
    return _Asset(file, compressed if compressed.exists() else None, digest)


def _takes_gzip(accept_encoding: str | None) -> bool:
    for part in (accept_encoding or "").lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _matches(if_none_match: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or "*" in tags
