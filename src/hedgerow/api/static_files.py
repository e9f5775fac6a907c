"""Files that never change while we run, each with the forms it was compressed to beforehand."""

from dataclasses import dataclass
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path
from typing import Final

# In the order of preference.
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in every form it is there in: None is the plain one."""

    media_type: str
    forms: dict[str | None, bytes]

    @property
    def encodings(self) -> list[str]:
        """The compressed forms, the best first."""
        return [name for name, _ in _ENCODINGS if name in self.forms]


def web_app_folder() -> Path:
    """Where the build puts the web app (`web/build.py`)."""
    return Path(str(files("hedgerow.web"))) / "app"


def load_static_files(folder: Path) -> dict[str, StaticFile]:
    """By their path under `folder`. They are few and small, and never change while we run."""
    found: dict[str, StaticFile] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.suffix in (".br", ".gz"):
            continue
        forms: dict[str | None, bytes] = {None: path.read_bytes()}
        for encoding, suffix in _ENCODINGS:
            compressed = path.with_name(path.name + suffix)
            if compressed.exists():
                forms[encoding] = compressed.read_bytes()
        media_type = guess_type(path.name)[0] or "application/octet-stream"
        found[path.relative_to(folder).as_posix()] = StaticFile(media_type, forms)
    return found
