"""A private PostgreSQL with PostGIS for the tests: started on a free port of this machine, thrown away at the end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql


@dataclass(frozen=True)
class PostGis:
    """A running server; `database` makes an empty database in it."""

    port: int

    def url(self, database: str) -> str:
        """The address of a database, as a register takes it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def database(self, name: str) -> str:
        """Make a database, thrown away first if it is there, and give back its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE dijie_empty").format(sql.Identifier(name)))
        return self.url(name)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    assert on_path is not None, "PostgreSQL is not installed: run `make system`"
    return Path(on_path).parent


def _as_user(command: Sequence[str | Path]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made.

    It stops with the process that started it, even if that one is killed.
    """
    user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig=INT", *(str(word) for word in command)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgis() -> Iterator[PostGis]:
    """The server. Mark the tests that use it with ``pytest.mark.xdist_group("postgis")``: one worker starts it."""
    programs = _programs()
    root = Path(tempfile.mkdtemp(prefix="dijie-postgis-"))
    data, log = root / "data", root / "log"
    if os.geteuid() == 0:
        shutil.chown(root, "postgres", "postgres")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        subprocess.run(
            _as_user([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]),
            check=True, capture_output=True, env=environment, cwd=root,
        )  # fmt: skip
        port = _free_port()
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "60",
            "autovacuum": "off", "timezone": "Asia/Shanghai",
        }  # fmt: skip
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        with log.open("wb") as out:
            server = subprocess.Popen(
                _as_user([programs / "postgres", "-D", data, *settings]),
                stdout=out,
                stderr=out,
                env=environment,
                cwd=root,
            )
        try:
            found = PostGis(port)
            _wait(server, found.url("postgres"), log)
            with psycopg.connect(found.url("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE dijie_empty")
            with psycopg.connect(found.url("dijie_empty"), autocommit=True) as connection:
                connection.execute("CREATE EXTENSION postgis")
            yield found
        finally:
            server.send_signal(signal.SIGINT)  # at once, without waiting for clients
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(root, ignore_errors=True)
