"""The page of the rules is what the program has."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.access import ADMINISTRATOR
from layers.placenames.checking import check_places, facts_of, read_places
from layers.placenames.rules.book import RULES
from layers.placenames.rules.documented import _PROPOSED, as_markdown
from layers.records import Context
from layers.register import open_register

ROOT = Path(__file__).parents[3]


def test_the_page_is_the_list():
    page = (ROOT / "docs" / "place-name-rules.md").read_text("utf-8")
    assert page == as_markdown(), "python -m layers.placenames.rules.documented > docs/place-name-rules.md"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.key)
def test_every_rule_says_what_it_is(rule):
    assert rule.key == rule.key.lower()
    assert rule.severity in {"error", "warning", "info"}
    assert all((rule.clause, rule.title_zh, rule.title_en, rule.template, rule.advice, rule.find.__doc__))


def test_what_is_said_to_be_proposed_is_proposed(demonstration):
    """On the demonstration no rule proposes anything that the page does not tell."""
    with open_register(demonstration) as register, register.reading() as connection:
        places = read_places(register, connection)
        facts = facts_of(places, Context.read(register, connection, reader=ADMINISTRATOR))
    proposing = {one.rule.key for one in check_places(places, facts) if one.flaw.fix or one.flaw.candidates}
    assert proposing <= set(_PROPOSED)
    # of these the demonstration has no row that could be mended so; tests by hand have
    assert set(_PROPOSED) - proposing == {"division-name-differs", "generic-missing"}
