"""A real server in a process of its own, and a real Chromium that minds console errors and policy violations."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, expect, sync_playwright

from tests.browser.map_page import MapPage
from tests.serving import Opening, serving

ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": (1280, 800), "phone": (390, 844)}

# A machine that draws by software and does other things beside may take its time; what never comes still fails.
expect.set_options(timeout=20_000)

MapOpening = Callable[..., MapPage]
"""What the fixture ``shown`` gives: opens the map and waits until it is drawn."""


@pytest.fixture(scope="session")
def server(demonstration: Path) -> Iterator[str]:
    """A server over the demonstration register. Only to be read."""
    with serving("--register", str(demonstration)) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, drawing by software."""
    path = shutil.which("chromium") or "/usr/bin/chromium"
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Complaints:
    """What the console and the network complained of; ``expected`` holds texts that a test means to provoke."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def unexpected(self) -> list[str]:
        """Those that no test meant."""
        return [line for line in self.heard if not any(part in line for part in self.expected)]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def opened(chromium: Browser, complaints: Complaints, server: str) -> Iterator[Opening]:
    """Opens a page of a server.

    At its end the test fails on any console error, policy violation, failed request or request to another host.
    """
    contexts = []

    def open_page(
        path: str = "/",
        *,
        size: str = "desk",
        language: str = "zh",
        scheme: str = "light",
        address: str = "",
    ) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme=scheme,  # type: ignore[arg-type]
            has_touch=size == "phone",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints, address or server)
        page.goto((address or server) + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints.unexpected() == []


def listen(page: Page, complaints: Complaints, address: str) -> None:
    """Write down what goes wrong on a page."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "GPU stall due to ReadPixels" not in message.text:
            complaints.heard.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != address:
            complaints.heard.append(f"another host: {request.url}")

    def failed(request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):
            complaints.heard.append(f"failed: {request.url} {request.failure}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.heard.append(f"page error: {error}"))
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error('policy violation: '"
        " + e.violatedDirective + ' ' + e.blockedURI));"
    )


@pytest.fixture
def shown(opened: Opening) -> MapOpening:
    """Opens the map of a server and waits until it is drawn."""

    def open_map(path: str = "/", **how: str) -> MapPage:
        return MapPage(opened(path, **how))

    return open_map
