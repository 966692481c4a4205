"""``dijie users`` as a person runs it, and what ``dijie demo`` and ``dijie serve`` say of accounts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from layers.office import open_office
from layers.office.accounts import account, accounts, add_account
from layers.office.sessions import sign_in
from tests.serving import free_port

DIJIE = [sys.executable, "-c", "from web.cli import main; main()"]
COMMANDS = ("list", "add", "edit", "disable", "enable", "password", "link", "sessions")
GOOD = "Mauer-Segler-7"


def run(*arguments: str, office: Path, given: str = "", language: str = "en") -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DIJIE_", "LC_", "LANG"))}
    return subprocess.run(
        [*DIJIE, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        env={**clean, "DIJIE_LANGUAGE": language, "PYTHONUTF8": "1", "DIJIE_OFFICE": str(office)},
    )


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return tmp_path / "office.sqlite"


def test_help(office: Path) -> None:
    for language in ("en", "zh"):
        found = run("users", "--help", office=office, language=language)
        assert found.returncode == 0
        assert all(command in found.stdout for command in COMMANDS)
    for command in COMMANDS:
        found = run("users", command, "--help", office=office)
        assert found.returncode == 0
        assert f"dijie users {command}" in found.stdout
        assert "Examples:" in found.stdout
        assert "--register PATH-OR-URL" in found.stdout
    assert not office.exists(), "help makes nothing"


def test_from_nobody_to_somebody_who_is_gone(office: Path) -> None:
    assert "no accounts yet" in run("users", "list", office=office).stdout
    made = run(
        *("users", "add", "wang", "--name", "王芳", "--role", "clerk", "--scope", "370781"),
        *("--address", "https://dijie.example.cn/"),
        office=office,
    )
    assert made.returncode == 0
    assert re.search(r"^  https://dijie\.example\.cn/invitation/[\w-]{40,}$", made.stdout, re.MULTILINE)
    assert run("users", "add", "WANG", office=office).returncode == 4
    assert run("users", "add", "li", "--role", "surveyor", office=office).returncode == 2
    edited = run("users", "edit", "wang", "--role", "surveyor", "--side", "370724", office=office)
    assert edited.returncode == 0, edited.stderr
    with open_office(office) as opened:
        found = account(opened, "wang")
        assert (found.display, found.roles, found.scope, found.side) == (
            "王芳", {"surveyor"}, {"370781"}, "370724",
        )  # fmt: skip
    assert run("users", "edit", "wang", "--role", "clerk", "--scope", "all", office=office).returncode == 0
    with open_office(office) as opened:
        assert (account(opened, "wang").scope, account(opened, "wang").side) == (None, None)
    weak = run("users", "password", "wang", "--stdin", office=office, given="wang\n")
    assert weak.returncode == 2
    assert weak.stderr.count("\n- ") + weak.stderr.startswith("- ") == 3
    assert run("users", "password", "wang", "--stdin", office=office, given=f"{GOOD}\n").returncode == 0
    with open_office(office) as opened:
        assert account(opened, "wang").must_change
        sign_in(opened, "wang", GOOD, address="1.2.3.4", browser="x")
    shown = run("users", "sessions", office=office).stdout
    assert "wang" in shown
    assert "1.2.3.4" in shown
    session = shown.splitlines()[1].split()[0]
    assert run("users", "sessions", "--end", session, office=office).returncode == 0
    assert run("users", "sessions", "--end", session, office=office).returncode == 3
    assert "Nobody is signed in." in run("users", "sessions", office=office).stdout
    assert run("users", "disable", "wang", office=office).returncode == 0
    assert run("users", "link", "wang", office=office).returncode == 4
    listed = run("users", "list", office=office).stdout.splitlines()
    assert listed[1].split()[0] == "wang"
    assert "disabled" in listed[1]
    assert run("users", "enable", "wang", office=office).returncode == 0
    at_random = run("users", "password", "wang", "--random", office=office).stdout.strip()
    with open_office(office) as opened:
        assert sign_in(opened, "wang", at_random, address="a")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("disable", "nobody"), 3),
        (("sessions", "--end-all"), 2),
        (("password", "nobody", "--random"), 3),
        (("password", "x", "--random", "--stdin"), 2),
        (("add", "a b"), 2),
        (("add", "wang", "--role", "king"), 2),
        (("add", "wang", "--scope", "青州"), 2),
    ],
)
def test_what_cannot_be_is_a_sentence(office: Path, arguments: tuple[str, ...], code: int) -> None:
    found = run("users", *arguments, office=office)
    assert found.returncode == code
    assert "Traceback" not in found.stderr
    assert found.stderr.strip()


def test_the_demonstration_prints_its_passwords_once(tmp_path: Path, office: Path) -> None:
    register = tmp_path / "d.gpkg"
    first = run("demo", "--register", str(register), office=office)
    assert first.returncode == 0, first.stderr
    told = dict(re.findall(r"^([\w.]+) +((?:[a-z2-9]{4}-?){4}) ", first.stdout, re.MULTILINE))
    with open_office(office) as opened:
        assert set(told) == {each.name for each in accounts(opened)}
        for name, password in told.items():
            assert sign_in(opened, name, password, address=name)
    content = b"".join(each.read_bytes() for each in office.parent.glob("office.sqlite*"))
    assert all(password.encode() not in content for password in told.values())
    assert run("demo", "--register", str(register), office=office).returncode == 4
    again = run("demo", "--register", str(register), "--overwrite", office=office)
    assert again.returncode == 0, again.stderr
    renewed = dict(re.findall(r"^([\w.]+) +((?:[a-z2-9]{4}-?){4}) ", again.stdout, re.MULTILINE))
    assert set(renewed) == set(told)
    assert not set(renewed.values()) & set(told.values())


def page(address: str) -> str:
    """A page in English, as soon as the server answers."""
    for _ in range(200):
        try:
            asked = urllib.request.Request(address, headers={"Accept-Language": "en"})
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_the_server_prints_a_link_while_there_is_no_administrator(own_path: Path, office: Path) -> None:
    for expected in (True, False):
        port = free_port()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DIJIE_")}
        process = subprocess.Popen(
            [*DIJIE, "serve", "--register", str(own_path), "--port", str(port), "--workers", "1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**environment, "DIJIE_OFFICE": str(office), "DIJIE_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"},
        )
        assert process.stdout is not None
        try:
            lines = [process.stdout.readline()]
            if expected:
                lines += [process.stdout.readline(), process.stdout.readline()]
                link = lines[-1].strip()
                assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/first/[\w-]{{40,}}", link), lines
                assert "The first administrator" in page(link)
        finally:
            process.terminate()
            rest, _ = process.communicate(timeout=30)
        assert ("/first/" in "".join(lines) + rest) == expected
        with open_office(office) as opened:
            if expected:
                from layers.office.accounts import Profile

                add_account(opened, "boss", Profile(roles=frozenset({"administrator"})), password=GOOD)


def test_a_county_that_the_register_does_not_have(office: Path, demonstration: Path) -> None:
    register = ("--register", str(demonstration))
    for given in (("--scope", "123456"), ("--role", "surveyor", "--side", "123456")):
        refused = run("users", "add", "li", *given, *register, office=office)
        assert refused.returncode == 2
        assert "“123456”" in refused.stderr
    assert run("users", "add", "li", "--scope", "370781", *register, office=office).returncode == 0
    assert run("users", "edit", "li", "--scope", "123456", *register, office=office).returncode == 2
    listed = run("users", "list", office=office, language="zh").stdout
    assert "clerk" not in listed
    assert "viewer" not in listed.splitlines()[1]
