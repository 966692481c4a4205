"""界桩登记表, read again by python-docx: every field stands beside its label, each stake on a page of its own."""

from __future__ import annotations

import io
from typing import Any

import pytest
import shapely
from docx import Document

from layers.access import ADMINISTRATOR, PUBLIC
from layers.boundaries.stake_form import NoStakes, form_of_stake, forms_of_line
from tests.layers.history.conftest import Small


def cells(content: bytes, form: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in Document(io.BytesIO(content)).tables[form].rows:
        texts: list[str] = []
        for cell in row.cells:
            if not texts or cell.text != texts[-1] or len(texts) % 2 == 0:
                texts.append(cell.text)
        found |= dict(zip(texts[::2], texts[1::2], strict=False))
    return found


def test_the_form_of_a_stake(small: Small) -> None:
    stake = small.ids["stake"]
    values: dict[str, Any] = {
        "material": "花岗岩", "height_m": 83.2, "set_up": "1998-05-01", "registered_by": "张三", "source": "synthetic",
        "reference_features": [{"kind": "独立树", "azimuth_deg": 77.9, "distance_m": 12.8, "description": "胸径0.4米"}],
    }  # fmt: skip
    with small.register.writing() as connection:
        small.register.update(connection, "stake", stake, values)
    name, content = form_of_stake(small.index, stake, reader=ADMINISTRATOR)
    found = cells(content)
    assert name == "界桩登记表_2481001Q.docx"
    assert (found["界桩编号"], found["界线代码"], found["界桩类型"]) == ("2481001Q", "2481", "单立")
    assert (found["东经"], found["北纬"]) == ("119°00′00.0000″", "36°30′00.0000″")
    assert (found["横坐标"], found["纵坐标"]) == ("40410407.557", "4041489.577")
    assert (found["高程"], found["埋设日期"], found["登记人"]) == ("83.2", "1998年5月1日", "张三")
    assert found["方位物1"] == "独立树，方位角 77.9°，距离 12.8 米，胸径0.4米"
    assert {"青州市\n代表", "临朐县\n代表"} <= set(found)
    texts = "".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
    assert "演示数据" in texts
    assert "界线 2481 由面状数据推得，并非法定界线。" in texts
    _, public = form_of_stake(small.index, stake, reader=PUBLIC)
    assert cells(public)["登记人"] == "—"


def test_all_stakes_of_a_line_one_page_each(small: Small) -> None:
    line = small.ids["line"]
    with small.register.writing() as connection:
        values = {"number": "2481002Q", "kind": "single", "line_uuid": line, "geom": shapely.Point(119, 36.2)}
        small.register.insert(connection, "stake", values)
        other = small.register.insert(connection, "boundary_line", {"code": "0203"})
    name, content = forms_of_line(small.index, line, reader=PUBLIC)
    assert name == "界桩登记表_2481.docx"
    document = Document(io.BytesIO(content))
    assert [cells(content, form)["界桩编号"] for form in range(2)] == ["2481002Q", "2481001Q"]
    breaks = [bool(one.paragraph_format.page_break_before) for one in document.paragraphs if one.text == "界桩登记表"]
    assert breaks == [False, True]
    with pytest.raises(NoStakes):
        forms_of_line(small.index, other, reader=PUBLIC)
