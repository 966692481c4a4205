"""The product's own processes: commands timed as a whole, and servers on free ports."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DIJIE = str(Path(sys.executable).with_name("dijie"))
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    """A finished command: its time and the most memory that it held."""

    seconds: float
    peak_mb: float
    output: str


def run(command: Sequence[str | Path]) -> Ran:
    """Run a command to its end; `RuntimeError` with what it said where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=_ROOT
    )
    assert process.stdout is not None
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output}")
    return Ran(seconds, usage.ru_maxrss / 1024, output)


@dataclass(frozen=True)
class Server:
    """A running server and when it was started (`time.perf_counter`)."""

    port: int
    pid: int
    began: float
    workers: int = 2

    def wait(self, path: str, *, seconds: float = 60) -> float:
        """Seconds from the start of the process to the first whole answer 200 with a body at a path."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                response = connection.getresponse()
                body = response.read()
            except OSError:
                time.sleep(0.005)
                continue
            finally:
                connection.close()
            if response.status == 200 and body:
                return time.perf_counter() - self.began
            raise RuntimeError(f"{path}: {response.status}")
        raise RuntimeError(f"the server gives no answer within {seconds} s")

    def pids(self) -> list[int]:
        """Master and those of its children that serve, once all of them are there: forks, with its command line."""
        deadline = time.perf_counter() + 20
        own = _command_line(self.pid)
        serving_too: list[int] = []
        while time.perf_counter() < deadline:
            serving_too = [pid for pid in self._children() if _command_line(pid) == own]
            if len(serving_too) == self.workers:
                return [self.pid, *serving_too]
            time.sleep(0.01)
        raise RuntimeError(f"the server has {len(serving_too)} workers, not {self.workers}")

    def _children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def memory_mb(self) -> float:
        """Memory of all processes, the one that waits for jobs too, pages that they share once (sum of PSS)."""
        return sum(_pss_kb(pid) for pid in {*self.pids(), *self._children()}) / 1024

    def processor_seconds(self) -> float:
        """Processor time of the master so far: what else the machine does hardly shows in it."""
        cells = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(cells[11]) + int(cells[12])) / os.sysconf("SC_CLK_TCK")

    def holder(self, client_port: int) -> int | None:
        """The process at the other end of a connection from a port of this machine."""
        link = None
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            cells = line.split()
            ends = [int(cell.split(":")[1], 16) for cell in cells[1:3]]
            if ends == [self.port, client_port]:
                link = f"socket:[{cells[9]}]"
        return next((pid for pid in self.pids() if link in _links(pid)), None)


def _links(pid: int) -> set[str]:
    found = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed in between
            found.add(str(handle.readlink()))
    return found


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError(f"no memory figure of process {pid}")


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(register: Path, *, keep_tiles: bool = True) -> Iterator[Server]:
    """`dijie serve` on a free port, ended at the end; with ``keep_tiles`` off it makes each tile anew."""
    port = free_port()
    command = [DIJIE] if keep_tiles else [sys.executable, "-m", "benchmarks.forgetful"]
    options = ["serve", "--register", str(register), "--port", str(port), "--workers", "2"]
    with _running([*command, *options], port) as server:
        yield server


@contextmanager
def serving_bare(file: Path) -> Iterator[Server]:
    """A server of one file's bytes on a free port, nothing but gunicorn."""
    port = free_port()
    with _running([sys.executable, "-m", "benchmarks.bare", str(port), str(file)], port) as server:
        yield server


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[Server]:
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_ROOT)
    try:
        yield Server(port, process.pid, began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
