"""Accounts: names, roles and reach; passwords and their rules; the last administrator."""

from __future__ import annotations

import statistics
import time

import pytest
from argon2 import PasswordHasher
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, update

from layers.office import Office, accounts, passwords, sessions
from layers.office.accounts import (
    ACCOUNT,
    AccountExists,
    LastAdministrator,
    NoSuchAccount,
    Profile,
    WrongAccount,
    account,
    account_key,
    add_account,
    edit_account,
    set_password,
    set_state,
)
from layers.office.demonstration import PROFILES, make_demonstration_accounts
from layers.office.passwords import PasswordRefused, broken_rules

GOOD = "Mauer-Segler-7"


def test_one_account_from_end_to_end(office: Office) -> None:
    profile = Profile("王芳", frozenset({"clerk", "surveyor"}), frozenset({"370781", "370724"}), "370724")
    made = add_account(office, "Wang.Fang", profile, password=GOOD, by="root")
    assert (made.name, made.display, made.roles, made.scope, made.side) == (
        "Wang.Fang", "王芳", frozenset({"clerk", "surveyor"}), frozenset({"370781", "370724"}), "370724",
    )  # fmt: skip
    assert account(office, "WANG.FANG") == made
    assert made.reader.clearance == 1
    assert made.editor.name == "Wang.Fang"
    token = sessions.sign_in(office, "wang.fang", GOOD, address="a")
    found = sessions.signed_in(office, token, idle_s=60)
    assert found is not None
    assert found.account.signed_in is not None
    changed = edit_account(office, "wang.fang", Profile("王芳芳", frozenset({"planner"})))
    assert (changed.display, changed.scope, changed.side) == ("王芳芳", None, None)
    now = sessions.signed_in(office, token, idle_s=60)
    assert now is not None
    assert now.account.roles == {"planner"}, "it holds from the next request on"


@pytest.mark.parametrize("name", ["anna", "ANNA", "Anna", "ａｎｎａ", "anna "])
def test_names_differ_by_more_than_capitals_and_width(office: Office, name: str) -> None:
    add_account(office, "Anna", Profile())
    with pytest.raises(AccountExists):
        add_account(office, name, Profile())


@given(st.text(max_size=30))
@example("ﬀΐẞİ")
def test_a_key_is_its_own_key(name: str) -> None:
    assert account_key(account_key(name)) == account_key(name)


@pytest.mark.parametrize("name", ["", "a", "a b", "-a", "a" * 41, "a/b", "<b>", "a\nb", "..", "a:b"])
def test_names_that_cannot_be(office: Office, name: str) -> None:
    with pytest.raises(WrongAccount):
        add_account(office, name, Profile())
    assert accounts.accounts(office) == []


@pytest.mark.parametrize(
    "profile",
    [
        Profile(roles=frozenset()),
        Profile(roles=frozenset({"king"})),
        Profile(scope=frozenset()),
        Profile(scope=frozenset({"3707"})),
        Profile(scope=frozenset({"37078a"})),
        Profile(roles=frozenset({"surveyor"})),
        Profile(roles=frozenset({"clerk"}), side="370724"),
        Profile(display="x" * 61),
        Profile(display="a\x00b"),
    ],
)
def test_what_an_account_cannot_be(office: Office, profile: Profile) -> None:
    with pytest.raises(WrongAccount):
        add_account(office, "anna", profile)
    add_account(office, "anna", Profile())
    with pytest.raises(WrongAccount):
        edit_account(office, "anna", profile)


def test_nobody(office: Office) -> None:
    for ask in (
        lambda: account(office, "x"),
        lambda: set_state(office, "x", "disabled"),
        lambda: set_password(office, "x", GOOD),
        lambda: edit_account(office, "x", Profile()),
    ):
        with pytest.raises(NoSuchAccount):
            ask()


def test_the_last_administrator_stays(office: Office) -> None:
    boss = frozenset({"administrator"})
    add_account(office, "one", Profile(roles=boss), password=GOOD)
    add_account(office, "invited", Profile(roles=boss))
    for change in (
        lambda: set_state(office, "one", "disabled"),
        lambda: edit_account(office, "one", Profile(roles=frozenset({"clerk"}))),
    ):
        with pytest.raises(LastAdministrator):
            change()
    assert account(office, "one").is_active
    assert account(office, "one").roles == boss
    set_password(office, "invited", GOOD)
    set_state(office, "one", "disabled")
    with pytest.raises(LastAdministrator):
        set_state(office, "invited", "disabled")
    set_state(office, "one", "active")
    edit_account(office, "invited", Profile())


@pytest.mark.parametrize(
    ("password", "rules"),
    [
        (GOOD, ()),
        ("nur kleine buchstaben", ()),
        ("山高水长风清月明一二三四五六七八", ()),
        ("Ab1-Ab1", ("short",)),
        ("abc", ("short", "kinds")),
        ("aaa", ("short", "kinds", "repeated")),
        ("abcdefghijk", ("kinds",)),
        ("Anna-2026-x", ("name",)),
        ("xX9 a.n.n.a", ("name",)),
        ("anna", ("short", "name", "kinds", "repeated")),
        ("P@ssw0rd2024", ("common",)),
        ("1234567890", ("common", "kinds")),
        ("abababababababababab", ("repeated",)),
        ("x" * 201, ("long", "repeated")),
    ],
)
def test_every_broken_rule_is_said_at_once(password: str, rules: tuple[str, ...]) -> None:
    assert broken_rules(password, name="anna") == rules


def test_former_passwords_are_not_taken_again(office: Office) -> None:
    add_account(office, "anna", Profile(), password=GOOD)
    given_ = [f"{GOOD}-{number}" for number in range(6)]
    for password in given_:
        set_password(office, "anna", password)
    for password in given_[-5:]:
        with pytest.raises(PasswordRefused) as caught:
            set_password(office, "anna", password)
        assert caught.value.rules == ("former",)
    set_password(office, "anna", GOOD)


def test_nothing_in_clear(office: Office) -> None:
    add_account(office, "anna", Profile(), password=GOOD)
    token = sessions.sign_in(office, "anna", GOOD, address="a")
    with office.reading() as connection:
        for table in accounts.METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                assert GOOD not in str(row)
                assert token not in str(row)
        known = connection.scalar(select(ACCOUNT.c.hash))
    assert known.startswith("$argon2id$")


def test_a_hash_of_other_parameters_is_made_anew(office: Office) -> None:
    add_account(office, "anna", Profile(), password=GOOD)
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    with office.writing() as connection:
        connection.execute(update(ACCOUNT).values(hash=old))
    sessions.sign_in(office, "anna", GOOD, address="a")
    with office.reading() as connection:
        fresh = connection.scalar(select(ACCOUNT.c.hash))
    assert fresh != old
    assert not passwords.is_outdated(fresh)
    assert passwords.is_right(fresh, GOOD)


@given(st.text(min_size=1, max_size=40))
@example("é")
@example("e\u0301")
def test_a_hash_knows_its_password_alone(password: str) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    known = quick.hash(passwords._normal(password))
    assert passwords.is_right(known, password)
    assert not passwords.is_right(known, password + "x")
    assert not passwords.is_right(None, password)


def test_no_account_takes_as_long_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = {name: int(value) for name, value in (part.split("=") for part in passwords._PARAMETERS.split(","))}
    assert shipped["m"] >= 19 * 1024
    assert shipped["t"] >= 2
    real_one = PasswordHasher(time_cost=shipped["t"], memory_cost=shipped["m"], parallelism=shipped["p"])
    monkeypatch.setattr(passwords, "_HASHER", real_one)
    known = passwords.hashed(GOOD)

    def spent(of: str | None) -> float:
        begun = time.process_time()
        assert not passwords.is_right(of, "wrong")
        return time.process_time() - begun

    pairs = [(spent(known), spent(None)) for _ in range(9)]
    real, dummy = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert dummy == pytest.approx(real, rel=0.35)
    assert real > 0.005


def test_random_passwords_are_good_and_different() -> None:
    made = {passwords.random_password() for _ in range(200)}
    assert len(made) == 200
    assert all(broken_rules(each, name="admin") == () for each in made)


def test_the_demonstrations_accounts(office: Office) -> None:
    made = make_demonstration_accounts(office, anew=False)
    assert [each.account.name for each in made] == list(PROFILES)
    assert {role for each in made for role in each.account.roles} == set(accounts.ROLES)
    assert made[3].account.scope == {"370781"}
    assert make_demonstration_accounts(office, anew=False) == []
    sessions.sign_in(office, "admin", made[0].password, address="a")
    again = make_demonstration_accounts(office, anew=True)
    assert len(accounts.accounts(office)) == len(PROFILES)
    assert sessions.sessions(office, idle_s=60) == []
    assert {each.password for each in again}.isdisjoint(each.password for each in made)


def test_who_is_disabled_has_no_job_done_any_more(office: Office) -> None:
    from layers.office import claims, jobs

    made = add_account(office, "gone", Profile(roles=frozenset({"clerk"})))
    running = jobs.submit(office, "import-check", {}, editor=made.editor)
    assert claims.claim(office, "worker") is not None
    waiting = jobs.submit(office, "import-apply", {}, editor=made.editor)
    set_state(office, "gone", "disabled")
    assert jobs.find(office, waiting.uuid, editor=made.editor).state == "cancelled"
    assert jobs.find(office, running.uuid, editor=made.editor).cancel_asked is not None
    assert claims.claim(office, "worker") is None
