"""Everything that a reader may be shown is there in Chinese, with the same places."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


@pytest.fixture(scope="module")
def collected() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collected_texts", Path(__file__).with_name("collected_texts.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue(collected: ModuleType) -> Catalog:
    with collected.CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def test_every_text_is_translated(collected: ModuleType, catalogue: Catalog) -> None:
    wanted = collected.texts() | collected.page_texts()
    assert len(wanted) > 250
    missing = sorted(text for text in wanted if text not in catalogue or not catalogue[text].string)
    assert missing == []


def test_nothing_is_left_over(collected: ModuleType, catalogue: Catalog) -> None:
    wanted = collected.texts() | collected.page_texts()
    assert sorted(message.id for message in catalogue if message.id and message.id not in wanted) == []


def test_translations_have_the_same_places(catalogue: Catalog) -> None:
    def places(text: str) -> list[str]:
        return sorted(set(re.findall(r"%\((\w+)\)|\{(\w+)\}", text)))

    wrong = [message.id for message in catalogue if message.id and places(message.id) != places(message.string)]
    assert wrong == []
    assert len(catalogue) > 250


def test_a_lone_percent_sign_would_break_a_page(catalogue: Catalog) -> None:
    """Templates fill every text, so that each sign of percent is written twice."""
    lone = re.compile(r"%(?![(%])")
    texts_ = [(str(message.id), str(message.string)) for message in catalogue if message.id]
    assert [pair for pair in texts_ if any(lone.search(text.replace("%%", "")) for text in pair)] == []
