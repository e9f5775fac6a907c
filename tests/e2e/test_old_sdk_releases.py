"""Older releases of the SDKs, live and with their default options (sdk-contract §14, §15.7)."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.conftest import SDKS, missing

from hedgerow.testing.server import HedgerowServer

# What they need beside the libraries that the tests have anyway.
PYTHON_LIBRARIES = ("backoff==2.2.1", "monotonic==1.6", "six==1.17.0", "python-dateutil==2.9.0")
PYTHON_RELEASES = ("2.5.0", "3.7.0")
NODE_RELEASES = {
    "posthog-node-2": "2.6.0",
    "posthog-node-3": "3.6.3",
    "posthog-node-5-1": "5.1.0",
}
SECONDS_MAX = 60


def python_release(version: str) -> Path:
    """The folder with that release, fetched once: it cannot lie beside the one under test."""
    folder = SDKS / "node_modules" / f".posthog-python-{version}"
    if not (folder / "posthog").exists():
        packages = [f"posthog=={version}", *PYTHON_LIBRARIES]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        done = subprocess.run(
            [*command, "--target", str(folder), *packages],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            missing(f"posthog {version} ({done.stderr[-400:]})")
    return folder


def check(stored: Any, printed: dict[str, Any], version: str) -> None:
    alice = stored.person("alice")
    event = stored.one("old event")

    assert printed["errors"] == []
    assert (event["properties"]["n"], event["properties"]["s"]) == (1.5, "hé")
    assert event["properties"]["$lib_version"] == version
    assert {stored.id("alice"), stored.id("alice-old")} <= set(alice["distinct_ids"])
    assert alice["properties"]["plan"] == "pro"
    assert stored.owner(event) == alice["id"]
    assert stored.group("acme")["group_properties"]["seats"] == 11
    assert stored.one("old group")["properties"]["$groups"] == {"company": stored.id("acme")}
    called = {item["properties"]["$feature_flag"] for item in stored.named("$feature_flag_called")}
    assert called == set(printed["flags"])


def check_flags(printed: dict[str, Any]) -> None:
    assert printed["flags"]["e2e-bool"] is True
    assert printed["flags"]["e2e-multi"] in ("blue", "red")
    assert printed["flags"]["e2e-off"] is False
    assert printed["local"] == printed["flags"]


@pytest.mark.parametrize("version", PYTHON_RELEASES)
def test_posthog_python(
    node: list[str], sdk_server: HedgerowServer, stored_of: Callable[..., Any], version: str
) -> None:
    del node  # it has made the folder that the release is put into
    run = f"py-{version}-{uuid.uuid4().hex[:8]}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(python_release(version)),
        "HOST": sdk_server.url,
        "TOKEN": sdk_server.project_key,
        "SECRET": sdk_server.personal_key,
        "RUN": run,
    }
    done = subprocess.run(
        [sys.executable, "old_python.py"],
        cwd=SDKS,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    printed = json.loads(done.stdout)

    check(stored_of(run), printed, version)
    check_flags(printed)


@pytest.mark.parametrize("release", NODE_RELEASES)
def test_posthog_node(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[..., Any],
    release: str,
) -> None:
    run = f"{release}-{uuid.uuid4().hex[:8]}"
    printed = run_script(
        "old_node.mjs",
        HOST=sdk_server.url,
        TOKEN=sdk_server.project_key,
        SECRET=sdk_server.personal_key,
        RUN=run,
        RELEASE=release,
    )

    check(stored_of(run), printed, NODE_RELEASES[release])
    check_flags(printed)


def test_posthog_js_lite(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[..., Any],
) -> None:
    """It has no local evaluation, and reads flags before it has told anybody's plan."""
    run = f"lite-{uuid.uuid4().hex[:8]}"
    printed = run_script("lite.mjs", HOST=sdk_server.url, TOKEN=sdk_server.project_key, RUN=run)
    stored = stored_of(run, printed["anonymous"])

    check(stored, printed, "4.12.1")
    assert printed["flags"]["e2e-bool"] is True
    assert printed["flags"]["e2e-off"] is False
    assert printed["anonymous"] in stored.person("alice")["distinct_ids"]
