"""Saving one record over HTTP with all checks, beside the same UPDATE by GDAL's own tool on the same file."""

from __future__ import annotations

import http.client
import json
import re
import statistics
import subprocess
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.figures import Figure
from benchmarks.processes import Server, serving
from benchmarks.stage import Stage
from benchmarks.timing import percentile
from layers.office import open_office
from layers.office.accounts import Profile, add_account
from layers.register import open_register

NAME, PASSWORD = "bench", "Qingzhou-1368-map"
_WARM = 8
"""Saves and checks before any is counted: each worker reads divisions and areas once."""


class Person:
    """Somebody who is signed in, on one connection that is kept alive."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.cookies: dict[str, str] = {}
        token = self._mark(self.ask("GET", "/sign-in")[1], r'name="csrf_token"[^>]*value="([^"]+)"')
        form = urlencode({"name": NAME, "password": PASSWORD, "csrf_token": token})
        self.ask("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
        self.token = self._mark(self.ask("GET", "/account")[1], r'name="csrf-token" content="([^"]+)"')

    def send(self, method: str, path: str, body: object) -> tuple[int, dict[str, object]]:
        """Status and answer of a change."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        status, text = self.ask(method, path, json.dumps(body), headers)
        return status, json.loads(text)

    def ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body.encode() or None, {**(headers or {}), "Cookie": cookie})
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, answer.read().decode()

    @staticmethod
    def _mark(page: str, pattern: str) -> str:
        found = re.search(pattern, page)
        assert found is not None, page[:500]
        return found[1]


def measure(stage: Stage) -> list[Figure]:
    """One record at a time: a facility's beds, a place's name (with romanization), and the check as one types."""
    register = stage.copy("saved.gpkg")
    runs = stage.runs(90)
    with open_office(register.with_name("saved.office.sqlite")) as office:
        add_account(office, NAME, Profile(roles=frozenset({"reviewer"})), password=PASSWORD)
    facility, place = (str(stage.index.layer(key).uuid[100]) for key in ("facilities", "place-names"))
    with serving(register) as server:
        server.wait("/healthz")
        person = Person(server)
        beds = _saves(person, "facilities", facility, lambda run: {"beds": str(100 + run)}, runs)
        names = _saves(person, "place-names", place, lambda run: {"name": f"长乐{run}桥"}, runs)
        checks = _checks(person, facility, runs)
    peer = [_by_gdal(register, facility, run) for run in range(stage.runs(21))]
    bare = _bare(register, facility, runs)
    said = (
        f"PUT to `dijie serve`, two workers, checks and history included; p95 {{p95:.1f}} ms. The peer: a process that "
        f"opens the file and makes the bare UPDATE. In one process without HTTP or checks: {bare:.1f} ms."
    )
    return [
        Figure(
            "saving one facility", statistics.median(beds), "ms", peer="ogrinfo -sql UPDATE",
            peer_value=statistics.median(peer), most=30, samples={"milliseconds": beds, "peer": peer},
            note=said.format(p95=percentile(beds, 0.95)),
        ),
        Figure(
            "saving a place's new name", statistics.median(names), "ms", most=30, samples={"milliseconds": names},
            note=f"With its parts and romanization, among 51,991; p95 {percentile(names, 0.95):.1f} ms.",
        ),
        Figure(
            "checking a record as one types", statistics.median(checks), "ms", most=20,
            samples={"milliseconds": checks}, note=f"p95 {percentile(checks, 0.95):.1f} ms.",
        ),
    ]  # fmt: skip


def _saves(person: Person, layer: str, uuid: str, values: object, runs: int) -> list[float]:
    milliseconds, version = [], 1
    for run in range(runs + _WARM):
        body = {"values": values(run), "version": version, "why": "measured"}  # type: ignore[operator]
        began = time.perf_counter()
        status, answer = person.send("PUT", f"/api/records/{layer}/{uuid}", body)
        milliseconds.append((time.perf_counter() - began) * 1000)
        assert status == 200, answer
        version = int(str(answer["version"]))
    return milliseconds[_WARM:]


def _checks(person: Person, uuid: str, runs: int) -> list[float]:
    milliseconds = []
    for run in range(runs + _WARM):
        began = time.perf_counter()
        status, answer = person.send(
            "POST", f"/api/records/facilities/check?uuid={uuid}", {"values": {"beds": str(run)}}
        )
        milliseconds.append((time.perf_counter() - began) * 1000)
        assert status == 200, answer
    return milliseconds[_WARM:]


def _by_gdal(register: Path, uuid: str, run: int) -> float:
    statement = f"UPDATE facility SET beds = {run} WHERE uuid = '{uuid}'"
    began = time.perf_counter()
    subprocess.run(["ogrinfo", "-q", "-sql", statement, str(register)], check=True, capture_output=True)
    return (time.perf_counter() - began) * 1000


def _bare(register: Path, uuid: str, runs: int) -> float:
    milliseconds = []
    with open_register(register) as opened:
        for run in range(runs):
            began = time.perf_counter()
            with opened.writing(who="bench", why="measured") as connection:
                opened.update(connection, "facility", uuid, {"beds": run})
            milliseconds.append((time.perf_counter() - began) * 1000)
    return statistics.median(milliseconds)
