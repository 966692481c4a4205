"""Sessions, one-time links, and failed sign-ins that are counted across processes."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from layers.office import Office, open_office
from layers.office.accounts import Profile, account, add_account, set_password, set_state
from layers.office.attempts import PER_ACCOUNT, PER_ADDRESS, SignInLocked, begin_attempt, locked_for
from layers.office.invitations import (
    INVITATION,
    AccountDisabled,
    LinkVoid,
    accept,
    accept_first,
    first_link,
    invited,
    password_link,
)
from layers.office.passwords import PasswordRefused
from layers.office.sessions import (
    LONGEST_S,
    SESSION,
    SignInRefused,
    end_session,
    end_sessions,
    is_right_password,
    secret_key,
    sessions,
    sign_in,
    signed_in,
)

GOOD = "Mauer-Segler-7"
OTHER = "Haus-Rotschwanz-8"
IDLE_S = 600.0


@pytest.fixture
def anna(office: Office) -> Office:
    add_account(office, "anna", Profile("安娜", frozenset({"clerk"})), password=GOOD)
    return office


def goes_on(office: Office, token: str, *, after: float = 0) -> bool:
    return signed_in(office, token, idle_s=IDLE_S, now=time.time() + after) is not None


def test_a_session_ends_by_itself(anna: Office) -> None:
    token = sign_in(anna, "anna", GOOD, address="a", browser="b")
    assert goes_on(anna, token, after=IDLE_S - 5)
    assert not goes_on(anna, token, after=2 * IDLE_S)
    begun = sessions(anna, idle_s=IDLE_S)[0].begun
    for minutes in range(9, 12 * 60, 9):
        assert goes_on(anna, token, after=minutes * 60), "each request keeps it"
    assert signed_in(anna, token, idle_s=IDLE_S, now=begun + LONGEST_S) is None, "but not for ever"


def test_a_request_is_noted_once_a_minute(anna: Office) -> None:
    token = sign_in(anna, "anna", GOOD, address="a")
    before = sessions(anna, idle_s=IDLE_S)[0].seen
    assert goes_on(anna, token, after=30)
    assert sessions(anna, idle_s=IDLE_S)[0].seen == before
    assert goes_on(anna, token, after=70)
    assert sessions(anna, idle_s=IDLE_S)[0].seen > before


def test_what_ends_sessions(anna: Office) -> None:
    add_account(anna, "bert", Profile(), password=GOOD)
    others = sign_in(anna, "bert", GOOD, address="a")
    one, two, three = (sign_in(anna, "anna", GOOD, address="a") for _ in range(3))
    found = signed_in(anna, two, idle_s=IDLE_S)
    assert found is not None
    assert not end_session(anna, found.session, name="bert"), "nobody ends another's"
    assert end_session(anna, found.session, name="anna")
    assert [goes_on(anna, each) for each in (one, two, three)] == [True, False, True]
    kept = signed_in(anna, three, idle_s=IDLE_S)
    assert kept is not None
    set_password(anna, "anna", OTHER, keep_session=kept.session)
    assert [goes_on(anna, each) for each in (one, two, three)] == [False, False, True]
    set_state(anna, "anna", "disabled")
    assert not goes_on(anna, three)
    set_state(anna, "anna", "active")
    assert not goes_on(anna, three), "enabling brings no session back"
    four = sign_in(anna, "anna", OTHER, address="a")
    assert end_sessions(anna, "anna") == 1
    assert not goes_on(anna, four)
    assert goes_on(anna, others)


def test_tokens_of_nobody(anna: Office) -> None:
    token = sign_in(anna, "anna", GOOD, address="a")
    with anna.reading() as connection:
        kept = connection.scalar(select(SESSION.c.token))
    for wrong in ("", "x", token[:-1], token + "x", str(kept)):
        assert not goes_on(anna, wrong)


def test_who_may_not_sign_in_hears_the_same(anna: Office) -> None:
    add_account(anna, "invited", Profile())
    add_account(anna, "gone", Profile(), password=GOOD)
    set_state(anna, "gone", "disabled")
    heard = set()
    for name, password in (
        ("anna", "no"),
        ("nobody", GOOD),
        ("invited", ""),
        ("gone", GOOD),
        ("", ""),
        ("x" * 999, ""),
    ):
        with pytest.raises(SignInRefused) as caught:
            sign_in(anna, name, password, address="a")
        heard.add((str(caught.value), caught.value.hint))
    assert len(heard) == 1


def test_five_failures_lock_an_account(anna: Office) -> None:
    for name in ("anna", "nobody"):
        for _ in range(PER_ACCOUNT):
            with pytest.raises(SignInRefused):
                sign_in(anna, name, "wrong", address=name)
        with pytest.raises(SignInLocked, match="15 min") as caught:
            sign_in(anna, name, GOOD, address="elsewhere")
        assert 880 < caught.value.seconds <= 900
        assert locked_for(anna, name) > 880
    set_password(anna, "anna", OTHER)
    assert sign_in(anna, "anna", OTHER, address="anna"), "a new password opens it again"


def test_a_lock_ends_after_a_quarter_of_an_hour(anna: Office) -> None:
    now = 1_000_000.0
    for _ in range(PER_ACCOUNT):
        begin_attempt(anna, "anna", "a", now=now)
    with pytest.raises(SignInLocked) as caught:
        begin_attempt(anna, "anna", "a", now=now + 600)
    assert caught.value.seconds == 300
    for _ in range(PER_ACCOUNT):
        begin_attempt(anna, "anna", "a", now=now + 901)
    with pytest.raises(SignInLocked):
        begin_attempt(anna, "anna", "a", now=now + 902)


def test_a_success_forgets_the_failures(anna: Office) -> None:
    for _ in range(4):
        for _ in range(PER_ACCOUNT - 1):
            with pytest.raises(SignInRefused):
                sign_in(anna, "anna", "wrong", address="b")
        sign_in(anna, "anna", GOOD, address="a")


def test_an_address_has_twenty(anna: Office) -> None:
    for number in range(PER_ADDRESS):
        with pytest.raises(SignInRefused):
            sign_in(anna, f"name{number}", "wrong", address="1.2.3.4")
    with pytest.raises(SignInLocked):
        sign_in(anna, "anna", GOOD, address="1.2.3.4")
    assert sign_in(anna, "anna", GOOD, address="1.2.3.5")


def test_successes_do_not_use_up_an_address(anna: Office) -> None:
    for _ in range(PER_ADDRESS + 5):
        sign_in(anna, "anna", GOOD, address="1.2.3.4")


def test_asking_for_the_password_once_more_counts_too(anna: Office) -> None:
    assert is_right_password(anna, "anna", GOOD, address="a")
    for _ in range(PER_ACCOUNT):
        assert not is_right_password(anna, "anna", "wrong", address="a")
    with pytest.raises(SignInLocked):
        is_right_password(anna, "anna", GOOD, address="a")


def _tried(path: str) -> list[str]:
    def one(_: int) -> str:
        with open_office(path) as office:
            try:
                sign_in(office, "anna", "wrong", address="a")
            except (SignInRefused, SignInLocked) as error:
                return type(error).__name__
        return "in"

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(one, range(10)))


def test_two_processes_and_many_threads_try_no_more_than_five(office_path: Path) -> None:
    with open_office(office_path) as office:
        add_account(office, "anna", Profile(), password=GOOD)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        said = Counter(word for words in pool.map(_tried, [str(office_path)] * 2) for word in words)
    assert said == {"SignInRefused": PER_ACCOUNT, "SignInLocked": 20 - PER_ACCOUNT}


def test_cookies_are_signed_with_the_same_key_everywhere(office: Office) -> None:
    key = secret_key(office)
    assert len(key) > 40
    with open_office(office.url) as again:
        assert secret_key(again) == key


def test_the_first_administrator(office: Office) -> None:
    first = first_link(office)
    second = first_link(office)
    assert first is not None
    assert second is not None
    with pytest.raises(LinkVoid):
        accept_first(office, first.token, name="one", display="", password=GOOD)  # a newer one has taken its place
    with pytest.raises(PasswordRefused):
        accept_first(office, second.token, name="one", display="", password="one")
    assert invited(office, second.token) is None
    made = accept_first(office, second.token, name="one", display="甲", password=GOOD)
    assert made.roles == {"administrator"}
    assert first_link(office) is None
    with pytest.raises(LinkVoid):
        accept_first(office, second.token, name="two", display="", password=GOOD)
    assert sign_in(office, "one", GOOD, address="a")


def test_the_first_link_is_void_once_there_is_an_administrator(office: Office) -> None:
    link = first_link(office)
    assert link is not None
    add_account(office, "root", Profile(roles=frozenset({"administrator"})), password=GOOD)
    with pytest.raises(LinkVoid):
        accept_first(office, link.token, name="thief", display="", password=GOOD)


def test_links_run_out(anna: Office) -> None:
    first, link = first_link(anna), password_link(anna, "anna", by="root")
    assert first is not None
    assert invited(anna, link.token, now=link.expires - 1) is not None
    for token, end in ((first.token, first.expires), (link.token, link.expires)):
        with pytest.raises(LinkVoid):
            invited(anna, token, now=end)
    assert first.expires - time.time() == pytest.approx(24 * 3600, abs=60)


def test_a_link_is_used_once(anna: Office) -> None:
    session = sign_in(anna, "anna", GOOD, address="a")
    older = password_link(anna, "anna", by="root")
    link = password_link(anna, "ANNA", by="root")
    with pytest.raises(LinkVoid):
        invited(anna, older.token)
    assert goes_on(anna, session), "nothing ends before it is used"
    with pytest.raises(PasswordRefused) as caught:
        accept(anna, link.token, GOOD)
    assert caught.value.rules == ("former",)
    assert accept(anna, link.token, OTHER).name == "anna"
    assert not goes_on(anna, session)
    with pytest.raises(LinkVoid):
        accept(anna, link.token, "Noch-Eins-1234")
    assert sign_in(anna, "anna", OTHER, address="a")
    with anna.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(INVITATION)) == 0


def test_a_link_unlocks_and_takes_the_duty_to_change(anna: Office) -> None:
    set_password(anna, "anna", OTHER, must_change=True)
    assert account(anna, "anna").must_change
    for _ in range(PER_ACCOUNT):
        with pytest.raises(SignInRefused):
            sign_in(anna, "anna", "wrong", address="a")
    accept(anna, password_link(anna, "anna", by="root").token, "Noch-Eins-1234")
    assert sign_in(anna, "anna", "Noch-Eins-1234", address="a")
    assert not account(anna, "anna").must_change


def test_links_of_the_disabled(anna: Office) -> None:
    link = password_link(anna, "anna", by="root")
    set_state(anna, "anna", "disabled")
    with pytest.raises(LinkVoid):
        accept(anna, link.token, OTHER)
    with pytest.raises(AccountDisabled):
        password_link(anna, "anna", by="root")


def test_two_use_one_link_at_the_same_time(anna: Office) -> None:
    link = password_link(anna, "anna", by="root")

    def use(number: int) -> str:
        try:
            accept(anna, link.token, f"Gleich-Zeitig-{number}")
        except LinkVoid:
            return "void"
        return "set"

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(4))) == ["set", "void", "void", "void"]


def test_a_password_that_changes_while_somebody_signs_in(anna: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from layers.office import passwords

    real = passwords.is_right

    def slow(known: str | None, password: str) -> bool:
        answer = real(known, password)
        with anna.writing() as connection:
            from layers.office.accounts import ACCOUNT

            connection.execute(update(ACCOUNT).values(state="disabled"))
        return answer

    monkeypatch.setattr(passwords, "is_right", slow)
    with pytest.raises(SignInRefused):
        sign_in(anna, "anna", GOOD, address="a")
    assert sessions(anna, idle_s=IDLE_S) == []
