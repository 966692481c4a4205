"""Phrases looked up in the dictionary's file: names are read as with the whole dictionary, without its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pypinyin

NAMES = [
    "重庆路", "长安街道", "油坊街", "扁担山景区", "石佛寺烈士陵园", "银行大街",
    "朝阳社区", "单家村", "青州市", "临朐县",
    "行政中心", "", "A座", "安乐乡", "乐安乡",
]  # fmt: skip
SAY = """
import json, sys
from gis.toponym import learn_phrases, romanize
out = []
for name in json.loads(sys.argv[1]):
    if sys.argv[2] == "learn":
        learn_phrases(name)
    out.append(romanize(name))
print(json.dumps(out))
"""


def spelled(*, phrases: bool, learn: bool) -> list[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYPINYIN_NO_PHRASES", None)
    if not phrases:
        environment["PYPINYIN_NO_PHRASES"] = "true"
    command = [sys.executable, "-c", SAY, json.dumps(NAMES), "learn" if learn else ""]
    found: list[str] = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    return found


def test_as_with_the_whole_dictionary() -> None:
    whole = spelled(phrases=True, learn=False)
    assert spelled(phrases=False, learn=True) == whole
    assert spelled(phrases=False, learn=False) != whole
    assert spelled(phrases=True, learn=True) == whole


def test_the_file_is_sorted_as_the_search_needs_it() -> None:
    keys = list(json.loads(Path(pypinyin.__file__).with_name("phrases_dict.json").read_text("utf-8")))
    assert [key.encode() for key in keys] == sorted(key.encode() for key in keys)
