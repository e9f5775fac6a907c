"""Puts the browser SDK's scripts into the package, where the edge serves them from.

    python web/sdk_files.py node_modules/posthog-js

Each script lies there as it is and compressed; `version` says which release they are of. What the
SDK asks for and its package does not have comes from the folder `sdk` beside this file.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "hedgerow" / "web" / "sdk"


def copy_sdk_files(package: Path, target: Path = TARGET) -> None:
    """`package` is the folder of the installed npm package posthog-js."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for script in sorted([*(package / "dist").glob("*.js"), *(HERE / "sdk").glob("*.js")]):
        content = script.read_bytes()
        (target / script.name).write_bytes(content)
        # Without a time, so that the same script is always the same file.
        (target / f"{script.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    # Last: without it the scripts count as not there.
    (target / "version").write_text(f"{version}\n", encoding="utf-8")


if __name__ == "__main__":
    copy_sdk_files(Path(sys.argv[1]))
