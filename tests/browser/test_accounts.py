"""People in Chromium: from the first link to a clerk who sees what the public does not, until the session ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect

from layers.office import open_office
from layers.office.accounts import Profile, add_account
from layers.office.invitations import first_link
from layers.register import open_register
from tests.browser.conftest import Complaints, MapOpening
from tests.browser.map_page import MapPage
from tests.browser.test_layout import CUT, WORDS, faults
from tests.serving import Opening, serving

GOOD, CLERKS = "Mauer-Segler-7", "Haus-Rotschwanz-8"
SECRET = "潜龙秘营"


@pytest.fixture
def own_server(own_path: Path) -> Iterator[tuple[str, str]]:
    """A server of its own, with one internal place; and the token of its first administrator's link."""
    with open_register(own_path) as register, register.writing(who="test", why="an internal place") as connection:
        values = {"name": SECRET, "county_code": "370781", "secrecy": "internal", "major": "settlement", "rank": 1}
        register.insert(connection, "place", {**values, "geom": shapely.Point(118.5, 36.7)})
    with serving("--register", str(own_path)) as address:
        with open_office(own_path.with_name("own.office.sqlite")) as office:
            link = first_link(office)
        assert link is not None
        yield address, link.token


def sign_in(page: Page, address: str, name: str, password: str, *, wanted: str = "/") -> None:
    page.goto(f"{address}/sign-in?next={wanted}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.locator("form button[type=submit]").click()
    page.wait_for_url(f"{address}{wanted}*")


def test_from_the_first_link_to_what_only_clerks_see(
    opened: Opening, own_server: tuple[str, str], complaints: Complaints
) -> None:
    address, token = own_server
    boss = opened(f"/first/{token}", address=address, language="en")
    boss.locator("#name").fill("boss")
    boss.locator("#display").fill("主任")
    boss.locator("#password").fill("boss")
    boss.locator("#again").fill("boss")
    complaints.expected += ["400 (BAD REQUEST)", "403 (FORBIDDEN)", "404 (NOT FOUND)"]
    boss.get_by_role("button", name="Begin").click()
    expect(boss.locator("#password-wrong li")).to_have_count(3)
    expect(boss.locator("#name")).to_have_value("boss")
    for field in ("#password", "#again"):
        boss.locator(field).fill(GOOD)
    boss.get_by_role("button", name="Begin").click()
    boss.locator(".account-button").click()
    boss.get_by_role("link", name="People").click()
    expect(boss.get_by_text("Nobody else has an account yet.")).to_be_visible()
    boss.get_by_role("link", name="New account").click()
    boss.locator("#name").fill("wang")
    boss.locator("#display").fill("王芳")
    boss.locator("#role-viewer").uncheck()
    boss.locator("#role-clerk").check()
    expect(boss.locator(".county-choice")).to_be_hidden()
    boss.locator("#reach-some").check()
    boss.get_by_label("青州市").check()
    boss.get_by_role("button", name="Make the account").click()
    link = boss.locator("#link").input_value()
    boss.get_by_role("button", name="Copy").click()
    expect(boss.get_by_text("Copied")).to_be_visible()

    clerk = opened(link.removeprefix(address), address=address)
    for field in ("#password", "#again"):
        clerk.locator(field).fill(CLERKS)
    clerk.locator("form button[type=submit]").click()
    clerk.wait_for_url(f"{address}/")
    assert found_names(clerk) == [SECRET]
    clerk.locator("#suggestions [role=option]").first.click()
    expect(clerk.locator("#details")).to_contain_text(SECRET)
    there = clerk.url
    clerk.locator(".account-button").click()
    clerk.locator(".account-list button").click()
    clerk.wait_for_url(f"{address}/")
    assert found_names(clerk) == []
    complaints.expected += ["404"]
    clerk.go_back()
    clerk.wait_for_load_state()
    expect(clerk.locator("body")).not_to_contain_text(SECRET)
    clerk.goto(there)
    expect(clerk.locator(".sign-in")).to_be_visible()
    expect(clerk.locator("body")).not_to_contain_text(SECRET)

    sign_in(clerk, address, "wang", CLERKS)
    assert found_names(clerk) == [SECRET]
    boss.goto(f"{address}/people")
    expect(boss.locator(".person", has_text="王芳").locator(".badge-good")).to_be_visible()
    boss.on("dialog", lambda dialog: dialog.accept())
    boss.locator(".person", has_text="王芳").get_by_role("button", name="Disable").click()
    expect(boss.locator(".note-good")).to_contain_text("Disabled")
    clerk.goto(f"{address}/account")
    clerk.wait_for_url(re.compile(r"/sign-in\?next=/account$"))


def found_names(page: Page) -> list[str]:
    """What the search box suggests for the internal place."""
    page.wait_for_selector("html.is-ready", state="attached")
    with page.expect_response(re.compile(r"/api/search\?")):
        page.locator("#search-input").fill(SECRET)
    page.locator("#suggestions").wait_for()
    names = page.locator("#suggestions [role=option]").all_inner_texts()
    return [SECRET for name in names if SECRET in name]


@pytest.fixture(scope="module")
def office_server(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with an administrator and a surveyor."""
    path = demonstration.with_name("demonstration.office.sqlite")
    with serving("--register", str(demonstration)) as address:
        with open_office(path) as office:
            from contextlib import suppress

            from layers.office.accounts import AccountExists

            for name, roles, side in (("chef", {"administrator"}, None), ("vermesser", {"surveyor"}, "370724")):
                with suppress(AccountExists):
                    profile = Profile("测量员与管理员", frozenset(roles), None, side)
                    add_account(office, name, profile, password=GOOD)
        yield address


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_layout_of_the_pages(opened: Opening, office_server: str, size: str, language: str) -> None:
    """No word is cut, nothing scrolls sideways, and the map's tools have room for who is signed in."""
    page = opened("/sign-in", address=office_server, size=size, language=language)
    said = []

    def look(state: str) -> None:
        said.extend(f"{state}: cut: {each}" for each in page.evaluate(CUT, WORDS))
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > page.evaluate("innerWidth"):
            said.append(f"{state}: scrolls sideways: {wide}")

    look("sign-in")
    sign_in(page, office_server, "chef", GOOD, wanted="/account")
    look("account")
    for path in ("/people", "/people/new", "/people/vermesser"):
        page.goto(office_server + path)
        page.locator(".account-button").click()
        look(path)
        box = page.locator(".account-list").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        page.keyboard.press("Escape")
        expect(page.locator(".account-list")).to_be_hidden()
    page.goto(office_server + "/")
    found = MapPage(page)
    said += faults(found, "the map, signed in")
    page.locator(".account-button").click()
    expect(page.locator(".account-list a").first).to_be_visible()
    look("menu on the map")
    page.locator("#map canvas").click(position={"x": 200, "y": 600} if size == "phone" else {"x": 700, "y": 650})
    expect(page.locator(".account-list")).to_be_hidden()
    assert said == []


def test_the_map_offers_to_sign_in_and_comes_back(shown: MapOpening, office_server: str) -> None:
    found = shown("/?layers=stakes", address=office_server, language="en")
    link = found.page.get_by_role("link", name="Sign in")
    expect(link).to_be_visible()
    link.click()
    found.page.locator("#name").fill("vermesser")
    found.page.locator("#password").fill(GOOD)
    found.page.locator("form button[type=submit]").click()
    found.page.wait_for_url(f"{office_server}/?layers=stakes*")
    expect(found.page.locator(".account-button")).to_be_visible()


def test_a_lock_is_said_with_the_time_left(opened: Opening, office_server: str, complaints: Complaints) -> None:
    complaints.expected += ["403 (FORBIDDEN)", "429 (TOO MANY REQUESTS)"]
    page = opened("/sign-in", address=office_server, language="en")
    for _ in range(6):
        page.locator("#name").fill("stranger")
        page.locator("#password").fill("wrong")
        page.locator("form button[type=submit]").click()
    expect(page.locator("#form-wrong")).to_contain_text("Try again in 15 min.")
