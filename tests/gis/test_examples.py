"""The examples in the docstrings of gis run and give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import gis

MODULES = sorted(module.name for module in pkgutil.walk_packages(gis.__path__, "gis."))


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [
        example
        for name in MODULES
        for found in finder.find(importlib.import_module(name))
        for example in found.examples
    ]
    assert len(examples) >= 20


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert result.failed == 0
