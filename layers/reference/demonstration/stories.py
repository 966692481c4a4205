"""地名故事: where the office's own articles go. Placeholders, one for each county, that say so and tell no history."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from layers.reference.demonstration.frames import SYNTHETIC, Frames, frame
from layers.reference.demonstration.identity import uuids_of

_THEMES: Final = ("red", "history", "culture", "people", "nature", "other")
_PUBLISHED: Final = "2026-01-05"
_BODY: Final = """## 这是示例

这里将放置{name}的地名故事正文。本页**没有**任何史实：文字、作者和来源都是占位，仅用来说明一篇文章在系统中的样子。

## 一篇文章可以有什么

- 标题、摘要和分节的正文
- 图片（上传后插入正文）
- *参考来源*，列在文末
- 与地名记录的关联：读者可由此打开“{name}”的登记信息

## 如何换成真实内容

1. 由地名管理人员登录后打开“编辑”
2. 填写本单位撰写并核实过的文字与来源
3. 保存草稿，预览后发布
"""


def make_stories(places: pd.DataFrame) -> Frames:
    """Frame ``article``: a placeholder at each county's own place name, published so that the pages can be seen."""
    counties = places[(places["class_code"] == "21400") & places["county_code"].notna()]
    of = counties.sort_values("county_code", kind="stable").drop_duplicates("county_code").reset_index(drop=True)
    sources = np.empty(len(of), dtype=object)
    sources[:] = [[{"title": "示例来源（占位，非真实文献）", "url": ""}] for _ in range(len(of))]
    columns = {
        "uuid": uuids_of("article", of["county_code"]),
        "place_uuid": of["uuid"],
        "title": [f"示例：{name}的地名故事（占位）" for name in of["name"]],
        "summary": [f"示例占位：此处将放置本单位撰写的关于{name}的地名故事，本页不含任何史实。" for name in of["name"]],
        "body": [_BODY.format(name=name).strip() for name in of["name"]],
        "sources": sources,
        "author": "示例作者",
        "theme": [_THEMES[number % len(_THEMES)] for number in range(len(of))],
        "county_code": of["county_code"],
        "state": "published",
        "published_on": _PUBLISHED,
        "source": SYNTHETIC,
        "note": "合成示例",
    }
    return {"article": frame("article", columns, np.asarray(of["geom"].values))}
