"""Checks the web app: its types against the API, TypeScript, lint and unit tests.

.venv/bin/python web/check.py              all checks
.venv/bin/python web/check.py --make-types writes the API's types anew
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from build import SOURCES, BuildError, find_node, install_for_tests, run
from openapi import document_text

MODULES = SOURCES / "node_modules"
TYPES_SCRIPT = SOURCES / "scripts" / "types.mjs"


def make_types(node: Path, environment: Mapping[str, str], *arguments: str) -> None:
    """Raises `BuildError` when `--check` finds a difference."""
    done = subprocess.run(
        [str(node), str(TYPES_SCRIPT), *arguments],
        env=environment,
        input=document_text(),
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError("The types of the API could not be made, or differ.")


def check(node: Path, environment: Mapping[str, str]) -> None:
    """Raises `BuildError` with what the first failing tool printed."""
    make_types(node, environment, "--check")
    run([str(node), str(MODULES / "typescript" / "bin" / "tsc"), "--noEmit"], environment)
    run(
        [str(node), str(MODULES / "eslint" / "bin" / "eslint.js"), "--max-warnings", "0", "."],
        environment,
    )
    run([str(node), str(MODULES / "vitest" / "vitest.mjs"), "run"], environment)


def main() -> int:
    try:
        install_for_tests()
        node, _ = find_node()
        environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
        if "--make-types" in sys.argv[1:]:
            make_types(node, environment)
        else:
            check(node, environment)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
