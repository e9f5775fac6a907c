"""How much script a page of the built web app loads before anything is drawn."""

import re
from pathlib import Path

APP = Path(__file__).parents[2] / "src" / "hedgerow" / "web" / "app"
SCRIPT_BYTES_MAX = 300_000
# What a script cannot do without, and what it asks for only once it is needed.
_NEEDED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
_LATER = re.compile(r"""import\(\s*["'`]\./([\w.-]+\.js)["'`]\s*\)""")
_ENTRY = re.compile(r'src="/assets/([\w.-]+\.js)"')


def needed(names: set[str]) -> set[str]:
    """The scripts with all that they import from the start."""
    found = set[str]()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _NEEDED.findall((APP / "assets" / name).read_text("utf-8"))
    return found


def gzipped_bytes(names: set[str]) -> int:
    return sum((APP / "assets" / f"{name}.gz").stat().st_size for name in names)


def test_every_page_loads_less_than_300_kb_of_script_before_its_charts() -> None:
    assert (APP / "index.html").exists(), "run: make web"
    entry = _ENTRY.findall((APP / "index.html").read_text("utf-8"))
    assert len(entry) == 1
    pages = set(_LATER.findall((APP / "assets" / entry[0]).read_text("utf-8")))
    assert len(pages) > 10

    sizes = {page: gzipped_bytes(needed({*entry, page})) for page in pages}

    assert {page: size for page, size in sizes.items() if size > SCRIPT_BYTES_MAX} == {}
