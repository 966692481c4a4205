"""界线文件: agreements and a settled dispute, made up and saying so, and one published fact: a park at a tripoint."""

from __future__ import annotations

from typing import Any, Final

from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.identity import uuid_of
from layers.reference.demonstration.lines import BATCH_YEARS, THEME_TRIPOINT, Lines

_AGREEMENTS: Final = 6
_PUBLISHED: Final = "潍坊市民政局公布的工作报告"
_NOTE: Final = "合成示例，并非实有文件"


def make_documents(found: Lines) -> Frames:
    """Frame ``boundary_document``: agreements for lines of the latest round, a dispute, the park at the tripoint.

    Of the park at the tripoint 淄川–青州–临朐 the reports say that there is one; everything else is made up.
    """
    lines = found.lines[(found.year == BATCH_YEARS[0]) & found.lines["inner"]].head(_AGREEMENTS)
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines.to_dict("records"), start=1):
        sides = f"{line['left_name']}与{line['right_name']}"
        rows.append(
            {
                "uuid": uuid_of("boundary_document", f"agreement/{line['code']}"),
                "line_uuid": line["uuid"],
                "kind": "agreement",
                "title": f"示例：{sides}平安边界建设协议",
                "number": f"示例〔2022〕{number}号",
                "parties": f"{line['left_name']}民政局（示例）、{line['right_name']}民政局（示例）",
                "body": f"示例文本：双方约定共同维护{line['name']}的界线标志物，按期联合检查，遇有变化及时通报。",
                "state": "in_force",
                "dated": f"2022-{number + 3:02d}-15",
                "valid_from": f"2022-{number + 3:02d}-15",
                "source": SYNTHETIC,
                "note": _NOTE,
            }
        )
    last = lines.iloc[-1]
    rows.append(
        {
            "uuid": uuid_of("boundary_document", f"dispute/{last['code']}"),
            "line_uuid": last["uuid"],
            "kind": "dispute",
            "title": f"示例：{last['short_name']}一处地段争议（已解决）",
            "parties": f"{last['left_name']}（示例）、{last['right_name']}（示例）",
            "body": "示例文本：双方对一处河滩地的归属有不同认识，经协商按法定界线走向处理，界线不变。",
            "state": "settled",
            "dated": "2021-09-08",
            "source": SYNTHETIC,
            "note": _NOTE,
        }
    )
    sides = found.tripoints["codes"].map(lambda codes: frozenset(str(codes).split(",")))
    theme = found.tripoints[sides == THEME_TRIPOINT].iloc[0]
    rows.append(
        {
            "uuid": uuid_of("boundary_document", f"landmark/{theme['code']}"),
            "tripoint_uuid": theme["uuid"],
            "kind": "landmark",
            "title": f"{theme['name']}三交点界线主题公园",
            "body": "据公布的工作报告，该三交点处建有界线主题公园。位置、名称和建成时间待本单位补充。",
            "state": "in_force",
            "source": _PUBLISHED,
        }
    )
    columns = {name: [row.get(name) for row in rows] for name in dict.fromkeys(key for row in rows for key in row)}
    return {"boundary_document": frame("boundary_document", columns)}
