"""A server whose register may be written to, and people who are signed in to it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from tests.serving import serving

PASSWORD = "Qingzhou-1368-map"
PEOPLE = {
    "anna": Profile(display="安娜", roles=frozenset({"reviewer"})),
    "bob": Profile(display="博", roles=frozenset({"clerk"})),
    "xin": Profile(display="欣", roles=frozenset({"clerk"}), scope=frozenset({"370702"})),
    "shi": Profile(display="石", roles=frozenset({"administrator"})),
    "kan": Profile(display="看", roles=frozenset({"viewer"})),
}


@contextmanager
def editable(demonstration: Path, folder: Path) -> Iterator[str]:
    """Serve a copy of the demonstration register with accounts; gives its address."""
    path = folder / "edited.gpkg"
    subprocess.run(["cp", str(demonstration), str(path)], check=True)
    with open_office(path.with_name("edited.office.sqlite")) as office:
        for name, profile in PEOPLE.items():
            add_account(office, name, profile, password=PASSWORD)
    with serving("--register", str(path)) as address:
        yield address


def sign_in(page: Page, address: str, name: str) -> None:
    """Sign somebody in; the page is then the map."""
    page.goto(f"{address}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    page.wait_for_url(f"{address}/")
