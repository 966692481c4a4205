"""What a place has by its class: the table holds together, and what is not of it is told key by key."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from layers.access import ADMINISTRATOR
from layers.index import Index
from layers.placenames.attributes import attributes_of, classes_with_attributes, faults
from layers.records import Context, check, parse
from layers.reference.readers import place_classes


def test_every_prefix_is_of_a_class_and_every_row_has_a_source() -> None:
    codes = place_classes()["code"].tolist()
    for prefix, some in classes_with_attributes().items():
        assert any(code.startswith(prefix) for code in codes), prefix
        assert len({one.key for one in some}) == len(some)
        for one in some:
            assert one.source
            assert one.type in ("str", "int", "float", "choice")
            assert (one.type == "choice") == bool(one.choices)


def test_a_reservoir_has_area_and_capacity_and_a_village_has_not() -> None:
    reservoir = {one.key: one for one in attributes_of("24230")}
    assert (reservoir["area_km2"].unit, reservoir["capacity_10k_m3"].unit) == ("km²", "万m³")
    assert "capacity_10k_m3" not in {one.key for one in attributes_of("22200")}
    assert attributes_of(None) == ()


@pytest.mark.parametrize(
    ("code", "value", "rules"),
    [
        ("24230", {"area_km2": 12.5, "capacity_10k_m3": 4000}, []),
        ("24230", None, []),
        ("24230", {}, []),
        ("24230", {"area_km2": "12.5"}, [("area_km2", "attribute-no-number")]),
        ("24230", {"area_km2": True}, [("area_km2", "attribute-no-number")]),
        ("24230", {"area_km2": float("nan")}, [("area_km2", "attribute-no-number")]),
        (
            "24230",
            {"area_km2": -1, "load_t": 5},
            [("area_km2", "attribute-out-of-range"), ("load_t", "attribute-unknown")],
        ),
        ("24230", {"size": "huge"}, [("size", "attribute-no-choice")]),
        ("24230", {"size": ["medium"]}, [("size", "attribute-no-choice")]),
        ("26100", {"floors": 2.5}, [("floors", "attribute-no-number")]),
        ("26100", {"floors": 3.0}, []),
        ("23210", {"start_name": "甲" * 101}, [("start_name", "attribute-no-text")]),
        ("24230", [1], [("", "attributes-no-object")]),
        (None, {"area_km2": 1}, [("area_km2", "attribute-unknown")]),
    ],
)
def test_what_cannot_stand(code: str | None, value: Any, rules: list[tuple[str, str]]) -> None:
    assert [(fault.key, fault.rule) for fault in faults(code, value)] == rules


def test_the_rules_of_records_tell_the_key(index: Index) -> None:
    texts = {
        "name": ["甲水库", "乙水库"],
        "class_code": ["24230", "24230"],
        "attributes": ['{"area_km2": 99999}', None],
    }
    found = check(
        "place-names", parse("place-names", pd.DataFrame(texts)).frame, context=Context.of(index, reader=ADMINISTRATOR)
    )
    wrong = [
        (noted.row, noted.field, noted.finding.where) for noted in found if noted.finding.rule.startswith("attribute")
    ]
    assert wrong == [(0, "attributes", "attributes.area_km2")]
