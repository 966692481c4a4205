"""XML without what can harm: no document types, no entities of their own, no endless nesting.

Expat tells of each element as it comes, so that what stands before a break is not lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element  # the container alone: nothing is parsed by it
from xml.parsers import expat

from gis.errors import N_, Invalid
from layers.ingest.reading import encodings

LINE: Final = " line"
"""Attribute (of a name that no file can have) with the line on which an element begins."""
_DEEPEST: Final = 60
_PIECE: Final = 1 << 18
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_GB: Final = (b'encoding="gb', b"encoding='gb")


class UnsafeMarkup(Invalid):
    """A document with a type declaration or nesting that no honest program writes."""

    code = "unsafe-markup"


class Broken(Exception):  # noqa: N818 - never leaves the parsers
    """The document ends or breaks off: line and reason, and whether anything was taken before."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def walk(
    path: Path, file: str, wanted: Collection[str], take: Callable[[Element, tuple[Element, ...]], None]
) -> tuple[str, str, Broken | None]:
    """Go through a document.

    Parameters
    ----------
    wanted
        Local names of elements that are handed out whole when they end, and then forgotten. One within another is
        not handed out apart.
    take
        Gets the element and those round it.

    Returns
    -------
    encoding, how, broken
        In what the texts are and how that is known; where the document broke off, None where it did not. What was open
        then has been handed out as far as it came.

    Raises
    ------
    UnsafeMarkup
    """
    data, encoding, how = _decoded(path.read_bytes())
    reader = _Reader(file, wanted, take)
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler = lambda name, attributes: reader.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    broken = None
    try:
        for at in range(0, len(data), _PIECE):
            parser.Parse(data[at : at + _PIECE])
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by its place alone
    except expat.ExpatError as error:
        broken = Broken(error.lineno, expat.ErrorString(error.code) or "")
        reader.give_up()
    return encoding or "utf-16", how, broken


class _Reader:
    """Builds the wanted elements."""

    def __init__(
        self, file: str, wanted: Collection[str], take: Callable[[Element, tuple[Element, ...]], None]
    ) -> None:
        self._file = file
        self._wanted = wanted
        self._take = take
        self._stack: list[Element] = []
        self._texts: list[list[str]] = []
        self._inside = 0

    def refuse(self, *_: object) -> None:
        raise UnsafeMarkup(
            N_("%(file)s declares a document type or entities; such files are not read."),
            hint=N_("Export it again from the device or program, or delete the line “<!DOCTYPE …>”."),
            file=self._file,
        )

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if len(self._stack) >= _DEEPEST:
            raise UnsafeMarkup(
                N_("%(file)s is nested more than %(most)d deep; such files are not read."),
                hint=N_("Export it again from the device or program."),
                file=self._file,
                most=_DEEPEST,
            )
        for key in [key for key in attributes if ":" in key]:
            attributes[local(key)] = attributes.pop(key)
        attributes[LINE] = str(line)
        element = Element(local(name) if ":" in name else name, attributes)
        if self._stack:
            self._stack[-1].append(element)
        self._stack.append(element)
        self._texts.append([])
        if element.tag in self._wanted:
            self._inside += 1

    def text(self, data: str) -> None:
        if len(self._stack[-1]) == 0:  # else behind a child: blanks between the lines
            self._texts[-1].append(data)

    def end(self, _name: str) -> None:
        element = self._stack.pop()
        element.text = "".join(self._texts.pop())
        if element.tag not in self._wanted:
            return
        self._inside -= 1
        if not self._inside:
            self._take(element, tuple(self._stack))
            if self._stack:
                self._stack[-1].remove(element)

    def give_up(self) -> None:
        """Hand out what is open: of a track that breaks off, its beginning."""
        for element, pieces in zip(self._stack, self._texts, strict=True):
            element.text = "".join(pieces)
        for place, element in enumerate(self._stack):
            if element.tag in self._wanted:
                self._take(element, tuple(self._stack[:place]))
                return


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def text_of(element: Element, name: str) -> str:
    """The text of a child of that name, empty where there is none."""
    for child in element:
        if child.tag == name:
            return (child.text or "").strip()
    return ""


def line_of(element: Element) -> int:
    """The line on which an element begins."""
    return int(element.get(LINE, "0"))


def _decoded(data: bytes) -> tuple[bytes, str | None, str]:
    """The document in an encoding that expat knows: it has none of Chinese, and offices write GB 2312."""
    if data.startswith(_UTF16):
        return data, None, "format"
    head = data[:200].lower()
    if not any(mark in head for mark in _GB):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return data, "utf-8", "format"
        try:  # it says UTF-8, or nothing, and is GBK
            text = encodings.decode(data, "gb18030")
        except UnicodeDecodeError:
            text = ""
        if not text or not encodings.plausible(text):
            return data.decode("utf-8", "replace").encode(), "utf-8", "broken"
        return text.encode(), "utf-8", "detected"
    return data.decode("gb18030", "replace").encode(), "utf-8", "declared"
