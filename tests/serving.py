"""Starts ``dijie serve`` on a free port and ends it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

Opening = Callable[..., Page]
"""What the fixture ``opened`` gives: opens a page of a server in Chromium."""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    *arguments: str, command: str | None = None, cwd: Path | None = None, port: int | None = None
) -> Iterator[str]:
    """Run ``dijie serve`` until the end of the block; gives its address."""
    port = port or free_port()
    program = [command] if command else [sys.executable, "-c", "from web.cli import main; main()"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIJIE_")}
    process = subprocess.Popen(
        [*program, "serve", "--port", str(port), *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output = process.stdout.read().decode() if process.stdout else ""
            pytest.fail(f"the server ended with {process.returncode}: {output}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within a minute")
