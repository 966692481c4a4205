"""A server that is killed in the middle of an upload and of a reading: nothing is lost, nothing is there by half.

The upload is sent by the protocol's reference client (tus-js-client, under node).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from layers.office import field_files, open_office
from layers.office.accounts import Profile, account, add_account
from tests.serving import free_port
from tests.surveys.uploads import made
from tests.web.people import PASSWORD

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "node_modules" / "tus-js-client"
NODE = shutil.which("node")


class Visitor:
    """Somebody who signs in at a server, with a browser's cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        token = self._found("/sign-in", r'name="csrf_token"[^>]*value="([^"]+)"')
        form = urlencode({"csrf_token": token, "name": "wang", "password": PASSWORD}).encode()
        self.opener.open(f"{address}/sign-in", form, timeout=20).close()
        self.mark = self._found("/field-files", r'name="csrf-token" content="([^"]+)"')

    @property
    def cookie(self) -> str:
        return "; ".join(f"{one.name}={one.value}" for one in self.jar)

    def get(self, path: str) -> bytes:
        with self.opener.open(self.address + path, timeout=20) as answer:
            content: bytes = answer.read()
        return content

    def files(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/api/field-files"))
        return found

    def _found(self, path: str, pattern: str) -> str:
        found = re.search(pattern, self.get(path).decode())
        assert found is not None, path
        return found[1]


@contextmanager
def server(register: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """``dijie serve``, to be killed with all that it has started."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIJIE_")}
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--register", str(register), "--port", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < end, "the server did not answer within a minute"
                time.sleep(0.1)
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers at once, as a power cut does."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


@pytest.mark.skipif(
    NODE is None or not (HERE.parents[1] / "node_modules/tus-js-client").is_dir(), reason="needs npm ci"
)
def test_killed_while_sending_and_while_reading(demonstration: Path, tmp_path: Path) -> None:
    register = tmp_path / "own.gpkg"
    subprocess.run(["cp", str(demonstration), str(register)], check=True)
    with open_office(tmp_path / "own.office.sqlite") as office:
        profile = Profile(display="王", roles=frozenset({"surveyor"}), side="370703")
        add_account(office, "wang", profile, password=PASSWORD)
    path = tmp_path / "外业.zip"
    track = made.GPX.replace("</trkseg>", '<trkpt lat="36.62" lon="118.43"/>' * 20_000 + "</trkseg>", 1)
    filler = os.urandom(2_000_000)  # photos do not pack: so the upload takes many pieces
    path.write_bytes(made.packed({"一.gpx": track, "b.jpg": made.jpeg() + filler + b"\xff\xd9"}))
    port = free_port()
    with server(register, port) as first:
        visitor = Visitor(f"http://127.0.0.1:{port}")
        command = [str(NODE), str(HERE / "tus_upload.mjs"), visitor.address, str(path), visitor.cookie, visitor.mark]
        client = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert client.stdout is not None
        lines = []
        for line in client.stdout:
            lines.append(line.strip())
            if len(lines) == 4:
                break
        kill(first)
    with server(register, port) as second:
        rest, _ = client.communicate(timeout=60)
        assert client.returncode == 0, (lines, rest)
        assert "done http" in rest
        (kept,) = visitor.files()["files"]
        assert kept["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert visitor.files()["uploads"] == []
        end = time.monotonic() + 60
        while visitor.files()["files"][0]["state"] != "reading" and time.monotonic() < end:
            time.sleep(0.15)
        kill(second)
    # the next worker finds the job whose worker is gone, and does it
    environment = {**os.environ, "DIJIE_REGISTER": str(register)}
    worker = subprocess.Popen([sys.executable, "-m", "web.jobs.worker"], env=environment, cwd=HERE.parents[1])
    try:
        with open_office(tmp_path / "own.office.sqlite") as office:
            editor = account(office, "wang").editor
            end = time.monotonic() + 120
            while (found := field_files.listed(office, editor=editor)[0]).state in ("received", "reading"):
                assert time.monotonic() < end, found
                time.sleep(0.3)
            assert len(field_files.listed(office, editor=editor)) == 1
    finally:
        worker.terminate()
        worker.wait(20)
    assert found.state == "read"
    assert found.summary is not None
    counts = {key: count for key, count in found.summary["counts"].items() if count}
    assert counts == {"tracks": 2, "vertices": 20_005, "points": 1, "photos": 1}
    original = tmp_path / "own.files" / "field-files" / found.sha256[:2] / found.sha256
    assert original.read_bytes() == path.read_bytes()
