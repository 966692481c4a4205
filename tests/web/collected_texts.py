"""Collects every text that a reader may be shown: of errors, findings, pages, commands and the map's scripts.

`python tests/web/collected_texts.py` adds what is missing to the catalogue of translations, untranslated.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "web/translations/zh/LC_MESSAGES/messages.po"
PACKAGES = ("gis", "layers", "surveys", "web")
_FOUND_IN = ("gis/validity.py", "gis/topology.py", "gis/crs.py", "layers/register/check/", "layers/register/values.py")
_SENTENCE = re.compile(r"(?=.* )[A-Z%].*[.]")
_ENGLISH = re.compile(r"[a-z]|^[ -~]+$")
_WORDED = ("hint", "advice", "template")


def texts() -> set[str]:
    """Every text in English."""
    found: set[str] = set()
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    trees = {path: ast.parse(path.read_text("utf-8")) for path in paths}
    errors = _errors(list(trees.values()))
    for path, tree in trees.items():
        # the commands' own way to say a line; the same word elsewhere chooses between two languages
        markers = {"N_", "say"} if "commands" in path.parts else {"N_"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= _of_call(node, errors, markers)
        if path.relative_to(ROOT).as_posix().startswith(_FOUND_IN):
            found |= _sentences(tree)
    found |= {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / "web/templates"), method_map=[("**.html", "jinja2")], options_map={}
        )
    }
    return {text for text in found if text.strip()}


def _errors(trees: list[ast.Module]) -> set[str]:
    """Names of all classes below `DijieError`."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    errors = {"DijieError"}
    while more := {name for name, parents in bases.items() if parents & errors} - errors:
        errors |= more
    return errors


def _of_call(node: ast.Call, errors: set[str], markers: set[str]) -> set[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    worded: list[ast.expr] = []
    if isinstance(node.func, ast.Name) and name in markers and node.args:
        worded.append(node.args[0])
    elif name == "say" and len(node.args) == 2 and not _is_text(node.args[0]):
        worded.append(node.args[1])  # how far the demonstration has come, and with what
    if name in errors and node.args:
        worded.append(node.args[0])
    if name in errors or name == "Finding":
        worded.extend(keyword.value for keyword in node.keywords if keyword.arg in _WORDED)
    found = {part.value for part in worded if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {text for text in found if _ENGLISH.search(text) or "%(" in text}


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _sentences(tree: ast.Module) -> set[str]:
    """Templates of findings, which stand in tables and behind small functions: whole sentences, no docstrings."""
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documents
        and _SENTENCE.fullmatch(node.value)
    }


def page_texts() -> set[str]:
    """The texts of the map's scripts, and the help of the commands."""
    from web.cli import cli
    from web.commands.localized import help_texts
    from web.maps.texts import TEXTS

    return set(TEXTS) | help_texts(cli)


def main() -> None:
    """Add what is missing to the catalogue."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    for text in sorted(texts() | page_texts()):
        if text not in catalogue:
            catalogue.add(text, flags=["python-format"] if "%(" in text else [])
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, no_location=True)


if __name__ == "__main__":
    main()
