"""What a field of a record is, and what a subject of import is."""

from __future__ import annotations

from dataclasses import dataclass

from layers.catalogue.layer import FieldType


@dataclass(frozen=True)
class Choice:
    """One of the values that a field may have.

    Parameters
    ----------
    key
        As the register keeps it.
    spellings
        Further words by which it is understood, beside the key and both titles.
    """

    key: str
    title_zh: str
    title_en: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordField:
    """One field of a record: what it holds, how a file may call it, how a form asks for it.

    Parameters
    ----------
    name
        The register's column.
    short
        Its name in a shapefile of ours.
    aliases
        Headings in files by which it is recognised, the better known first; name, short name and titles are beside.
    required
        A new record cannot stand without it.
    choices
        All values that it may have; empty where any are.
    max_length
        The most characters of a text, None without a limit.
    minimum, maximum
        Of a number, None without a limit.
    is_code
        A code: text of digits and letters that a spreadsheet may have turned into a number.
    editable
        False for what the program keeps: ids, versions, what is computed.
    stored
        False for what is shown with a record and lies in another table.
    long
        A text of several lines.
    help
        An English sentence for the form, may be empty.
    """

    name: str
    type: FieldType
    title_zh: str
    title_en: str
    short: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[Choice, ...] = ()
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    is_code: bool = False
    editable: bool = True
    stored: bool = True
    long: bool = False
    help: str = ""

    def title(self, language: str) -> str:
        """The title in a language, ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en


@dataclass(frozen=True)
class Subject:
    """What an import may be of.

    Parameters
    ----------
    layer, table
        Where its records are kept.
    fields
        Those that an import may bring, in order of reading.
    geometry
        Kinds of geometry that a file may have; empty where the import leaves places alone.
    place_needed
        A new record cannot stand without a place.
    """

    key: str
    layer: str
    table: str
    title_zh: str
    title_en: str
    fields: tuple[RecordField, ...]
    geometry: tuple[str, ...]
    place_needed: bool

    def field(self, name: str) -> RecordField:
        """The field of that name; KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
