"""Who may call what: every route × every role; forged requests; what browsers and proxies may keep."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.routing.converters import AnyConverter, BaseConverter, NumberConverter

from layers.access import ACTIONS, ROLES, Editor, NotAllowed, OutOfReach, Reader, may, may_undo, require, require_within
from layers.catalogue import LAYERS
from layers.office.accounts import AccountExists, Profile, add_account, set_password
from layers.office.sessions import sign_in
from tests.web.people import PASSWORD, Person, only_reads
from web.accounts.forms import next_path
from web.app import create_app
from web.permissions import ANYONE, PERMISSIONS, SIGNED_IN, TOKEN
from web.service import Service
from web.settings import Settings

EVERYBODY = {None, *ROLES}
INTERNAL = {"planner", "clerk", "reviewer", "surveyor", "administrator"}
WHO_MAY: dict[str, set[str | None]] = {
    ANYONE: EVERYBODY,
    "read": EVERYBODY,
    "export": EVERYBODY,
    SIGNED_IN: set(ROLES),
    "jobs": set(ROLES),
    "edit": INTERNAL,
    "import": INTERNAL,
    "history": INTERNAL,
    "undo": {"reviewer", "administrator"},
    "people": {"administrator"},
    "procedures": {"clerk", "reviewer", "administrator"},
    "surveys": {"surveyor", "administrator"},
}
EDITED: dict[str, set[str]] = {
    "viewer": set(),
    "planner": {"facilities", "population"},
    "clerk": {
        *("facilities", "population", "place-names", "place-lines", "place-areas", "place-signs", "stories"),
        "divisions",
    },
    "reviewer": {
        *("facilities", "population", "place-names", "place-lines", "place-areas", "place-signs", "stories"),
        "divisions",
    },
    "surveyor": {"stakes", "boundary-points", "boundary-lines"},
    "administrator": {*LAYERS, "population"},
}


def a_reader(*roles: str, scope: set[str] | None = None, side: str | None = None) -> Reader:
    return Reader(frozenset(roles), None if scope is None else frozenset(scope), side)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_the_table_of_actions(action: str, role: str) -> None:
    reader = a_reader(role)
    assert may(reader, action) == (role in WHO_MAY[action])
    assert may(Reader(), action) == (None in WHO_MAY[action])
    if action in ("edit", "import"):
        found = {key for key in (*LAYERS, "population", "place-names") if may(reader, action, key)}
        assert found == EDITED[role]
        assert may(reader, action, "lines") == ("boundary-lines" in EDITED[role])
    if role not in WHO_MAY[action]:
        with pytest.raises(NotAllowed):
            require(reader, action)


def test_an_action_that_is_none_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="fly"):
        may(Reader(), "fly")


@pytest.mark.parametrize(
    ("reader", "counties", "layer", "within"),
    [
        (a_reader("clerk"), ["370781"], "", True),
        (a_reader("clerk"), [None], "", True),
        (a_reader("clerk", scope={"370781"}), ["370781"], "", True),
        (a_reader("clerk", scope={"370781"}), ["370724"], "", False),
        (a_reader("clerk", scope={"370781"}), ["370724", "370781"], "", True),
        (a_reader("clerk", scope={"370781"}), [None], "", False),
        (a_reader("clerk", scope={"370781"}), [], "", False),
        (a_reader("surveyor", side="370724"), ["370724", "370781"], "stakes", True),
        (a_reader("surveyor", side="370724"), ["370725", "370781"], "stakes", False),
        (a_reader("surveyor", side="370724"), [None], "", False),
        (a_reader("surveyor"), ["370724"], "", False),
        (a_reader("clerk", "surveyor", side="370724"), ["370725"], "stakes", False),
        (a_reader("clerk", "surveyor", side="370724"), ["370725"], "place-names", True),
        (a_reader("clerk", "surveyor", scope={"370781"}, side="370724"), ["370724"], "", True),
        (a_reader("viewer"), ["370724"], "", False),
        (Reader(), ["370724"], "", False),
        (a_reader("administrator"), [None], "", True),
        (a_reader("administrator", scope={"370781"}), ["370724"], "stakes", False),
    ],
)
def test_how_far_roles_reach(reader: Reader, counties: list[str | None], layer: str, within: bool) -> None:
    if within:
        require_within(reader, counties, layer_key=layer)
    else:
        with pytest.raises(OutOfReach):
            require_within(reader, counties, layer_key=layer)


def test_who_may_undo_what() -> None:
    clerk, reviewer = Editor("anna", a_reader("clerk")), Editor("rita", a_reader("reviewer"))
    assert may_undo(clerk, "anna", "place-names")
    assert not may_undo(clerk, "rita", "place-names")
    assert not may_undo(clerk, None, "place-names")
    assert not may_undo(clerk, "anna", "stakes")
    assert may_undo(reviewer, "anna", "place-names")
    assert may_undo(reviewer, None, "place-names")


@pytest.fixture(scope="module")
def bare(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app whose views do nothing: what answers is the table of permissions."""
    office = tmp_path_factory.mktemp("bare") / "office.sqlite"
    made = create_app(Settings(register=str(demonstration), office=str(office)))
    for endpoint in made.view_functions:
        made.view_functions[endpoint] = lambda **_: "done"
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def sample(converter: BaseConverter) -> object:
    """Something that may stand in an address."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, NumberConverter) else "x"


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of every route."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        given_ = {name: sample(rule._converters[name]) for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, given_)
        found += [(rule.endpoint, method, address) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return sorted(found)


def client_of(app: Flask, role: str | None) -> FlaskClient:
    """Somebody with one role, signed in."""
    client = app.test_client()
    if role is not None:
        service: Service = app.extensions["dijie"]
        side = "370724" if role == "surveyor" else None
        with suppress(AccountExists):
            add_account(service.office, role, Profile(roles=frozenset({role}), side=side), password=PASSWORD)
        with client.session_transaction() as session:
            session[TOKEN] = sign_in(service.office, role, PASSWORD, address="a")
    return client


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_for_every_role(bare: Flask, role: str | None) -> None:
    client = client_of(bare, role)
    wrong = []
    for endpoint, method, address in routes(bare):
        answer = client.open(address, method=method)
        allowed = role in WHO_MAY[PERMISSIONS[endpoint]]
        to_sign_in = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        refused = answer.status_code == 403 if role else answer.status_code == 401 or to_sign_in
        if not (answer.text == "done" if allowed else refused):
            wrong.append((endpoint, method, answer.status_code))
    assert wrong == []


def test_where_nothing_is_public(demonstration: Path, tmp_path: Path) -> None:
    app = create_app(Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite"), public=False))
    client = app.test_client()
    open_ = {endpoint for endpoint, needed in PERMISSIONS.items() if needed == ANYONE}
    assert open_ == {"static", "maps.health", "accounts.sign_in", "accounts.first", "accounts.invitation"}
    for endpoint, method, address in routes(app):
        if endpoint in open_:
            continue
        answer = client.open(address, method=method)
        if endpoint.startswith("lookup."):
            assert (answer.status_code, answer.get_json()["code"]) == (401, "sign-in-needed"), address
            continue
        if address.startswith(("/api/", "/tiles/", "/basemap/")):
            assert answer.status_code == 401, address
            assert answer.mimetype == "application/problem+json"
            assert answer.get_json()["code"] == "sign-in-needed"
            assert "WWW-Authenticate" in answer.headers
        else:
            assert answer.status_code == 303, address
            assert answer.headers["Location"].startswith("/sign-in"), address
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/css/tokens.css").status_code == 200
    assert client.get("/sign-in").status_code == 200
    assert client.get("/?layers=stakes").headers["Location"] == "/sign-in?next=/%3Flayers%3Dstakes"
    anna = Person(app, "anna", ("viewer",))
    assert anna.get("/").status_code == 200
    assert anna.get("/api/layers").status_code == 200


def test_a_forged_request_is_refused(demonstration: Path, tmp_path: Path) -> None:
    app = create_app(Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite")))
    anna, bert = Person(app, "anna", ("administrator",)), Person(app, "bert", ("administrator",))
    for endpoint, method, address in routes(app):
        if method == "GET" or only_reads(endpoint):
            continue
        for headers in ({}, {"X-CSRFToken": bert.mark}, {"X-CSRFToken": "x"}):
            answer = anna.client.open(address, method=method, headers=headers)
            assert answer.status_code == 403, (address, method)
            assert answer.headers["Cache-Control"] == "no-store"
    assert anna.get("/account").status_code == 200, "nothing was done"
    problem = anna.client.post("/sign-out", headers={"X-CSRFToken": "x", "Accept-Language": "en"})
    assert problem.get_json()["code"] == "forged-request"
    assert anna.send("/sign-out").status_code == 303


def test_the_cookie_of_another_key_is_nobody(demonstration: Path, tmp_path: Path) -> None:
    apps = [create_app(Settings(register=str(demonstration), office=str(tmp_path / f"{n}.sqlite"))) for n in (1, 2)]
    anna = Person(apps[0], "anna", ("administrator",))
    cookie = anna.client.get_cookie("dijie")
    assert cookie is not None
    stranger = apps[1].test_client()
    stranger.set_cookie("dijie", cookie.value)
    assert stranger.get("/people").headers["Location"].startswith("/sign-in")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure


def test_the_cookie_is_for_https_where_the_setting_says_so(demonstration: Path, tmp_path: Path) -> None:
    settings = Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite"), https=True)
    answer = create_app(settings).test_client().get("/sign-in", base_url="https://localhost")
    assert "Secure;" in answer.headers["Set-Cookie"]


def test_what_may_be_kept(demonstration: Path, tmp_path: Path) -> None:
    app = create_app(Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite")))
    anna, nobody = Person(app, "anna", ("clerk",)), app.test_client()
    tile = "/tiles/place-names/8/212/100.mvt"
    for address in (
        "/",
        "/account",
        "/design",
        "/api/layers",
        "/api/search?q=x",
        tile,
        "/api/coverage.xlsx?kinds=canteen&distance=500",
    ):
        kept = anna.get(address).headers["Cache-Control"]
        assert "no-store" in kept or "private" in kept, address
        if not address.startswith(("/api", "/tiles")):
            assert kept == "no-store", address
    own = anna.get(tile)
    again = anna.get(tile, headers={"If-None-Match": own.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache")
    assert "Cookie" in own.headers["Vary"]
    other = nobody.get(tile, headers={"If-None-Match": own.headers["ETag"]})
    assert other.status_code == 200
    assert other.headers["ETag"] != own.headers["ETag"]
    assert other.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in nobody.get("/").headers, "who only reads gets no cookie"


def test_a_password_that_another_has_given_is_changed_first(demonstration: Path, tmp_path: Path) -> None:
    app = create_app(Settings(register=str(demonstration), office=str(tmp_path / "o.sqlite")))
    service: Service = app.extensions["dijie"]
    add_account(service.office, "anna", Profile(roles=frozenset({"clerk"})))
    set_password(service.office, "anna", "Qingzhou-1368-map", must_change=True)
    anna = Person(app, "anna", ("clerk",))
    assert anna.get("/").headers["Location"] == "/account"
    assert anna.get("/api/layers").get_json()["code"] == "password-change-needed"
    form = {"present": "Qingzhou-1368-map", "password": "Mauer-Segler-7", "again": "Mauer-Segler-7"}
    assert anna.send("/account/password", data=form).headers["Location"] == "/account?done=password"
    assert anna.get("/").status_code == 200


@pytest.mark.parametrize(
    "given_",
    [
        "", "x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "http://evil.example",
        "https:evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", " //evil.example",
        "/sign-in", "/sign-in?next=/", "/first/x", "/invitation/x", "/sign-out", "http:///evil.example", "//[",
    ],
)  # fmt: skip
def test_no_way_out_after_signing_in(given_: str) -> None:
    assert next_path(given_) == "/"


@given(st.text(max_size=30) | st.text("/\\.:@%?#\t evil", max_size=12))
@example("//[")
@example("/people?done=saved")
def test_the_way_on_stays_here(given_: str) -> None:
    found = next_path(given_)
    assert re.match(r"/(?![/\\])", found)
    assert urlsplit(urljoin("http://here.example/sign-in", found)).netloc == "here.example"
    assert found in (given_, "/")
