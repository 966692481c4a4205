"""The pages of accounts as a browser uses them: signing in, links, one's own account, the accounts of all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.office import invitations
from layers.office.accounts import account, accounts
from layers.office.database import Office, OfficeUnavailable
from tests.web.people import PASSWORD, Person
from web.app import create_app
from web.service import Service
from web.settings import BadSetting, Settings

GOOD = "Mauer-Segler-7"


@pytest.fixture
def own_app(demonstration: Path, tmp_path: Path) -> Flask:
    """An app with an office of its own."""
    return create_app(Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite"), language="en"))


@pytest.fixture
def office(own_app: Flask) -> Office:
    service: Service = own_app.extensions["dijie"]
    return service.office


def mark(page: str) -> str:
    """What a form of a page sends to show where it comes from."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def fill(client: FlaskClient, address: str, *, at: str = "", **values: object) -> tuple[int, str, str]:
    """Send a page's form; status, where it leads to, and the page."""
    form = {"csrf_token": mark(client.get(at or address).text), **values}
    answer = client.post(address, data=form)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def english(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("lang", "en")
    return client


def test_from_the_first_link_to_a_clerk_who_signs_in(own_app: Flask, office: Office) -> None:
    first = invitations.first_link(office)
    assert first is not None
    boss, clerk = english(own_app), english(own_app)
    address = f"/first/{first.token}"
    status, _, page = fill(boss, address, name="boss", display="主任", password="boss", again="other")
    assert (status, "The two are not the same." in page) == (400, True)
    status, _, page = fill(boss, address, name="boss", display="主任", password="boss", again="boss")
    assert page[page.index("<main") :].count("<li>") == 3, "every broken rule is said at once"
    assert 'value="boss"' in page, "what was typed stays"
    status, _, page = fill(boss, address, name="b o s s", display="", password=GOOD, again=GOOD)
    assert "cannot be the name" in page
    assert fill(boss, address, name="boss", display="主任", password=GOOD, again=GOOD)[:2] == (303, "/")
    gone = boss.get(address)
    assert gone.status_code == 404
    assert "has been used" in gone.text
    assert "<h1>This link is no longer valid</h1>" in gone.text
    assert "There is no such page" not in gone.text
    page = boss.get("/").text
    assert "主任" in page
    form = {"name": "wang", "display": "王芳", "roles": ["clerk"], "reach": "some", "scope": ["370781"]}
    status, _, page = fill(boss, "/people/new", **{**form, "scope": ["123456"]})
    assert (status, "No county of the register has the code" in page) == (400, True)
    status, _, page = fill(boss, "/people/new", **form)
    link = re.search(r"http://localhost(/invitation/[\w-]+)", page)
    assert link is not None
    assert "wang" in boss.get("/people").text
    made = account(office, "wang")
    assert (made.roles, made.scope, made.has_password) == ({"clerk"}, {"370781"}, False)
    assert fill(clerk, link[1], password=GOOD, again=GOOD)[:2] == (303, "/")
    assert clerk.get("/people").status_code == 403
    assert clerk.get(link[1]).status_code == 404
    assert "青州市" in clerk.get("/account").text


def test_signing_in_and_out(own_app: Flask) -> None:
    Person(own_app, "anna", ("clerk",))
    client = english(own_app)
    status, _, page = fill(client, "/sign-in?next=/account", name="anna", password="wrong")
    assert (status, "The name or the password is not right." in page) == (403, True)
    assert PASSWORD not in page
    assert 'value="anna"' in page
    before = client.get_cookie("dijie")
    assert fill(client, "/sign-in?next=/account", name="ANNA", password=PASSWORD)[:2] == (303, "/account")
    after = client.get_cookie("dijie")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/sign-in?next=/account").headers["Location"] == "/account", "who is signed in goes on"
    page = client.get("/account").text
    out = client.post("/sign-out", data={"csrf_token": mark(page)})
    assert (out.status_code, out.headers["Location"], out.headers["Cache-Control"]) == (303, "/", "no-store")
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
    if after is not None:
        client.set_cookie("dijie", after.value)
    assert client.get("/account").status_code == 303, "the old cookie brings nobody back"


def test_too_many_sign_ins(own_app: Flask) -> None:
    Person(own_app, "anna", ("clerk",))
    client = english(own_app)
    for name in ("anna", "nobody"):
        token = mark(client.get("/sign-in").text)
        statuses = [
            client.post("/sign-in", data={"csrf_token": token, "name": name, "password": "x"}).status_code
            for _ in range(5)
        ]
        assert statuses == [403] * 5
        locked = client.post("/sign-in", data={"csrf_token": token, "name": name, "password": PASSWORD})
        assert locked.status_code == 429
        assert 880 < int(locked.headers["Retry-After"]) <= 900
        assert "Try again in 15 min." in locked.text


def test_what_is_typed_is_text(own_app: Flask) -> None:
    client = english(own_app)
    page = fill(client, "/sign-in", name='"><script>alert(1)</script>', password="x")[2]
    assert "<script>alert" not in page
    for address in ("/first/%3Cscript%3E", "/invitation/../../etc", "/people/%00", "/sign-in?next=%0d%0aX:y"):
        assert client.get(address).status_code in (200, 303, 400, 404)
    assert client.post("/sign-in", data={"csrf_token": mark(client.get("/sign-in").text)}).status_code == 403


def test_ones_own_account(own_app: Flask, office: Office) -> None:
    anna, elsewhere, bert = (Person(own_app, name, ("clerk",)) for name in ("anna", "anna", "bert"))
    for each in (anna, elsewhere, bert):
        each.client.set_cookie("lang", "en")
    page = anna.get("/account").text
    assert page.count("/end") == 2, "the other session, and all others"
    ends = re.findall(r"/account/sessions/\w+/end", bert.get("/account").text)
    assert ends == []
    other = re.findall(r"/account/sessions/\w+/end", page)
    assert bert.send(other[0]).status_code == 303
    assert elsewhere.get("/account").status_code == 200, "nobody ends another's session"
    anna.send(other[0])
    assert elsewhere.get("/account").status_code == 303
    wrong = anna.send("/account/password", data={"present": "x", "password": GOOD, "again": GOOD})
    assert (wrong.status_code, "not your present password" in wrong.text) == (400, True)
    again = Person(own_app, "anna", ("clerk",))
    changed = anna.send("/account/password", data={"present": PASSWORD, "password": GOOD, "again": GOOD})
    assert changed.headers["Location"] == "/account?done=password"
    assert anna.get("/account").status_code == 200
    assert again.get("/account").status_code == 303, "the other sessions have ended"


def test_an_administrator_at_work(own_app: Flask, office: Office) -> None:
    boss, wang = Person(own_app, "boss", ("administrator",)), Person(own_app, "wang", ("clerk",))
    boss.client.set_cookie("lang", "en")
    edited = {"display": "王", "roles": ["clerk", "surveyor"], "side": "370724", "reach": "all"}
    assert boss.send("/people/wang", data=edited).headers["Location"] == "/people?done=saved"
    assert (account(office, "wang").side, account(office, "wang").scope) == ("370724", None)
    for data, words in (
        ({"roles": ["clerk", "surveyor"], "reach": "all"}, "A surveyor has one county as side"),
        ({"roles": [], "reach": "all"}, "at least one role"),
        ({"roles": ["clerk"], "reach": "some"}, "at least one county"),
        ({"roles": ["clerk"], "reach": "some", "scope": "x"}, "six digits"),
    ):
        answer = boss.send("/people/wang", data=data)
        assert (answer.status_code, words in answer.text) == (400, True), words
    assert boss.send("/people/new", data={"name": "WANG", "roles": ["viewer"]}).status_code == 400
    assert boss.send("/people/wang/state", data={"state": "disabled"}).status_code == 303
    assert wang.get("/account").status_code == 303
    assert boss.send("/people/wang/link").status_code == 409
    assert boss.send("/people/wang/state", data={"state": "active"}).status_code == 303
    assert "/invitation/" in boss.send("/people/wang/link").text
    for answer in (
        boss.send("/people/boss/state", data={"state": "disabled"}),
        boss.send("/people/boss", data={"roles": ["viewer"], "reach": "all"}),
    ):
        assert answer.status_code in (400, 409)
        assert "is the last administrator who can sign in" in answer.text
    assert boss.get("/people/nobody").status_code == 404
    assert len(accounts(office)) == 2


def test_the_map_knows_who_is_signed_in(own_app: Flask) -> None:
    import json

    def person_of(client: FlaskClient) -> object:
        page = client.get("/").text
        found = re.search(r'id="settings">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        return json.loads(found[1])["person"]

    assert person_of(own_app.test_client()) is None
    planner = person_of(Person(own_app, "paula", ("planner",), scope=frozenset({"370781"})).client)
    assert isinstance(planner, dict)
    assert (planner["name"], planner["roles"], planner["scope"]) == ("paula", ["planner"], ["370781"])
    assert planner["actions"]["edit"] == ["facilities", "population"]
    assert planner["actions"]["import"] == ["facilities", "population"]
    assert (planner["actions"]["people"], planner["actions"]["history"]) == (False, True)


@pytest.mark.parametrize(
    ("role", "entries"),
    [("viewer", {"/account"}), ("clerk", {"/account"}), ("administrator", {"/account", "/people"})],
)
def test_the_menu_leads_where_somebody_may_go(own_app: Flask, role: str, entries: set[str]) -> None:
    somebody = Person(own_app, role, (role,))
    page = somebody.get("/account").text
    menu = page[page.index("account-list") :]
    shown = set(re.findall(r'<li><a href="(/\w+)"', menu))
    assert entries <= shown
    for address in shown:
        assert somebody.get(address).status_code == 200, address


def test_an_office_that_cannot_be_asked(own_app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = Person(own_app, "anna", ("clerk",))

    def fail(*_: object, **__: object) -> None:
        raise OfficeUnavailable("The office database %(name)s can only be read.", name="x")

    monkeypatch.setattr("web.permissions.signed_in", fail)
    assert anna.get("/").status_code == 503
    assert anna.get("/api/layers").get_json()["code"] == "office-unavailable"
    assert own_app.test_client().get("/").status_code == 200, "who only reads is not concerned"


@pytest.mark.parametrize(
    "environment",
    [
        {"DIJIE_PUBLIC": "yes"},
        {"DIJIE_HTTPS": "on"},
        {"DIJIE_SESSION_MINUTES": "0"},
        {"DIJIE_SESSION_MINUTES": "1e3"},
        {"DIJIE_SESSION_MINUTES": "9999"},
        {"DIJIE_PROXIES": "-1"},
    ],
)
def test_settings_that_cannot_be(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=next(iter(environment))):
        Settings.from_environment(environment)


def test_settings_of_the_office() -> None:
    given = {"DIJIE_REGISTER": "/srv/w.gpkg", "DIJIE_PUBLIC": "0", "DIJIE_HTTPS": "1", "DIJIE_SESSION_MINUTES": "30"}
    found = Settings.from_environment(given)
    assert (found.public, found.https, found.session_minutes) == (False, True, 30)
    assert found.office_address == "/srv/w.office.sqlite"
    assert str(found.files_folder) == "/srv/w.files"
    server = Settings(register="postgresql://host/db", office="/srv/o.sqlite", files="/srv/files")
    assert (server.office_address, str(server.files_folder)) == ("/srv/o.sqlite", "/srv/files")


def test_every_setting_is_described() -> None:
    described = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    source = (Path(__file__).parents[2] / "web" / "settings.py").read_text("utf-8")
    names = set(re.findall(r"DIJIE_[A-Z_]+", source))
    assert names <= set(re.findall(r"DIJIE_[A-Z_]+", described))


def test_behind_a_proxy_the_reader_s_address_counts(demonstration: Path, tmp_path: Path) -> None:
    settings = Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite"), proxies=1)
    app = create_app(settings)
    client = app.test_client()
    token = mark(client.get("/sign-in").text)
    for number in range(21):
        client.post(
            "/sign-in",
            data={"csrf_token": token, "name": f"name{number}", "password": "x"},
            headers={"X-Forwarded-For": "9.9.9.9"},
        )
    locked = client.post(
        "/sign-in", data={"csrf_token": token, "name": "z", "password": "x"}, headers={"X-Forwarded-For": "9.9.9.9"}
    )
    other = client.post(
        "/sign-in", data={"csrf_token": token, "name": "y", "password": "x"}, headers={"X-Forwarded-For": "8.8.8.8"}
    )
    assert (locked.status_code, other.status_code) == (429, 403)
