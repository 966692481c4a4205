"""The workbench over HTTP with all findings in, and the suggestion box in Chromium, from the key to the paint."""

from __future__ import annotations

import shutil
import statistics
import time

from playwright.sync_api import sync_playwright

from benchmarks.figures import Figure
from benchmarks.processes import serving
from benchmarks.saving import NAME, PASSWORD, Person
from benchmarks.stage import Stage
from benchmarks.timing import percentile
from layers.index import Index
from layers.office import open_office
from layers.office.accounts import Profile, add_account
from layers.placenames import findings
from layers.register import open_register

_WARM = 5
_TYPED = ("q", "qi", "qin", "qing", "青", "青州", "王家", "弥河", "lin", "linqu", "寿光", "zhu", "高密", "安丘", "wang")
_PAINTED = """([typed]) => new Promise((resolve) => {
  const input = document.getElementById("search-input");
  const list = document.getElementById("suggestions");
  input.focus();
  input.value = "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => {
    const began = performance.now();
    const seen = new MutationObserver(() => {
      if (list.hidden || !list.children.length) return;
      seen.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
    });
    seen.observe(list, { childList: true, attributes: true, subtree: true });
    input.value = typed;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, 400);
})"""
"""From the letter to the frame in which its suggestions stand, the page's own pause included."""


def measure(stage: Stage) -> list[Figure]:
    """A page of the worklist, the same after an edit, a proposal accepted, suggestions painted."""
    register = stage.copy("worked.gpkg")
    with open_register(register) as opened, open_office(register.with_name("worked.office.sqlite")) as office:
        add_account(office, NAME, Profile(roles=frozenset({"reviewer"})), password=PASSWORD)
        count = findings.check_all(Index(opened), office)
    runs = stage.runs(60)
    with serving(register) as server:
        server.wait("/healthz")
        person = Person(server)
        pages = [_timed(person, "/api/workbench?severity=all") for _ in range(runs + _WARM)][_WARM:]
        deep = [_timed(person, "/api/workbench?severity=all&after=9000&limit=50") for _ in range(runs)]
        again = _after_edits(person, str(stage.index.layer("place-names").uuid[30_000]), stage.runs(30))
        painted = _painted(f"http://127.0.0.1:{server.port}", stage.runs(3))
    return [
        Figure(
            "a page of the worklist", statistics.median(pages), "ms", most=100, samples={"milliseconds": pages},
            note=f"{count:,} findings, with all counts, over HTTP; p95 {percentile(pages, 0.95):.1f} ms; far down the "
            f"list {statistics.median(deep):.1f} ms.",
        ),
        Figure(
            "the worklist right after an edit", statistics.median(again), "ms", samples={"milliseconds": again},
            note="The names that the edit can affect are checked again first.",
        ),
        Figure(
            "suggestions painted after a key", statistics.median(painted), "ms", most=100,
            samples={"milliseconds": painted},
            note=f"In headless Chromium that draws by software; p95 {percentile(painted, 0.95):.0f} ms.",
        ),
    ]  # fmt: skip


def _timed(person: Person, path: str) -> float:
    began = time.perf_counter()
    status, text = person.ask("GET", path)
    took = (time.perf_counter() - began) * 1000
    assert status == 200, text
    assert '"needs_check": false' in text, text[:300]
    return took


def _after_edits(person: Person, uuid: str, runs: int) -> list[float]:
    milliseconds, version = [], 1
    for run in range(runs):
        body = {"values": {"name": f"长乐{run}桥"}, "version": version, "why": "measured"}
        status, answer = person.send("PUT", f"/api/records/place-names/{uuid}", body)
        assert status == 200, answer
        version = int(str(answer["version"]))
        milliseconds.append(_timed(person, "/api/workbench"))
    return milliseconds


def _painted(address: str, rounds: int) -> list[float]:
    arguments = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    path = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=arguments)
        page = browser.new_page()
        page.goto(f"{address}/")
        page.locator("html.is-ready").wait_for(state="attached", timeout=60_000)
        found = [float(page.evaluate(_PAINTED, [typed])) for _ in range(rounds + 1) for typed in _TYPED]
        browser.close()
    return found[len(_TYPED) :]
