"""Divisions are found by whatever people write for them."""

from __future__ import annotations

import pytest

from layers.index import Index
from layers.records import Context


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("青州市", "370781", ""), ("青州", "370781", ""), ("临朐", "370724", ""), ("临朐县", "370724", ""),
        ("370781", "370781", ""),
        ("潍坊市", "370700", ""), ("山东省潍坊市", "370700", ""), ("山东潍坊奎文", "370705", ""),
        ("山东省潍坊市青州市王府街道", "370781001", ""), ("青州王府", "370781001", ""),
        ("青州市王府街道办事处", "370781001", ""),
        ("青州市 / 王府街道", "370781001", ""), ("青州市王府街道办", "370781001", ""), ("王府街道", "370781001", ""),
        ("临朐县冶源镇", "370724003", ""), ("高密市朝阳街道", "370785001", ""), ("高密朝阳街道", "370785001", ""),
        ("青州市弥河镇上院村", "370781100273", ""), ("青州市弥河镇上院", "370781100273", ""),
        ("青州市弥河镇上院村委会", "370781100273", ""), ("青州市弥河镇上院村民委员会", "370781100273", ""),
        ("诸城市龙都街道横沟子社区", "370782002021", ""), ("青州市王府街道没有村", "370781001", "没有村"),
        ("寿光市圣城街", "370783001", ""), ("青州市青州路12号", "370781", "青州路12号"), ("３７０７８１", "370781", ""),
    ],
)  # fmt: skip
def test_found(text: str, code: str, rest: str, context: Context) -> None:
    found = context.divisions.find(text)
    assert (context.divisions.code[found.row], found.rest, found.candidates) == (code, rest, ())


@pytest.mark.parametrize("text", ["", "青州路12号", "火星", "山东省", "村", "上院村"])
def test_what_names_none(text: str, context: Context) -> None:
    found = context.divisions.find(text)
    assert found.row == -1
    assert found.candidates == ()


def test_a_name_that_two_have_is_left_open(context: Context) -> None:
    found = context.divisions.find("城关街道")
    assert found.row == -1
    assert {context.divisions.full_name(row) for row in found.candidates} == {"潍城区城关街道", "临朐县城关街道"}
    assert found.word == "城关街道"
    one = context.divisions.find("城关街道", within="370724")
    assert context.divisions.code[one.row] == "370724001"


def test_what_is_known_may_be_said_again(context: Context) -> None:
    divisions = context.divisions
    assert divisions.code[divisions.find("潍坊市青州市王府街道", within="370781").row] == "370781001"
    assert divisions.code[divisions.find("王府街道上圈村", within="370781").row][:9] == "370781001"


def test_every_division_is_found_by_its_own_full_name(context: Context) -> None:
    divisions, wrong = context.divisions, []
    for row in range(len(divisions.code)):
        found = divisions.find(divisions.full_name(row))
        if found.row != row and row not in found.candidates:
            wrong.append((divisions.full_name(row), found))
    assert wrong == []


def test_the_names_of_villages_alone_say_nothing(context: Context, index: Index) -> None:
    assert context.divisions.find("上院村").row == -1
