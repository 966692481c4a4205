"""What was found at a boundary, in the reader's language."""

from __future__ import annotations

from layers.boundaries.checks import RULES, Found
from layers.features import value_titles
from web.language import translated


def sentence(found: Found, language: str) -> str:
    """What is wrong."""
    params = dict(found.finding.params)
    if "kind" in params:
        titles = value_titles("stakes", "kind", str(params["kind"]))
        if titles:
            params["kind"] = titles[0 if language == "zh" else 1]
    if "flaw" in params:
        params["flaw"] = translated(str(params["flaw"]), language)
    return translated(found.finding.template, language, params)


def advice(found: Found, language: str) -> str:
    """What to do about it."""
    return translated(found.finding.advice, language, found.finding.params)


def rule_title(key: str, language: str) -> str:
    """What a rule is called in lists."""
    rule = RULES[key]
    return rule.title_zh if language == "zh" else rule.title_en
