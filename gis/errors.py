"""The roots of the one error tree.

Every floor raises subclasses of these kinds; `web.errors` has the one table that maps a kind to an HTTP status and the
command line to an exit code. A message is an English template and its parameters, so that a page or a terminal can
show it in the reader's language; `str(error)` is the English sentence.
"""

from __future__ import annotations

from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - the marker's customary name in gettext
    """Mark a text for translation without translating it here."""
    return text


class DijieError(Exception):
    """Any error of the product that a person can cause or mend.

    Parameters
    ----------
    template
        English sentence with ``%(name)s`` places.
    hint
        What to do about it, an English template with the same parameters; may be empty.
    params
        What fills the places.
    """

    code: ClassVar[str] = "error"

    def __init__(self, template: str, *, hint: str = "", **params: object) -> None:
        self.template = template
        self.hint_template = hint
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params if self.params else self.template

    @property
    def hint(self) -> str:
        """What to do, in English; empty where there is nothing to say."""
        return self.hint_template % self.params if self.params else self.hint_template


class NotFound(DijieError):  # noqa: N818 - kinds read as what happened
    """What was asked for does not exist, or not for this reader."""

    code = "not-found"


class Invalid(DijieError):  # noqa: N818
    """What was given breaks a rule; the message names what and where."""

    code = "invalid"


class Conflict(DijieError):  # noqa: N818
    """What was given contradicts what the register holds by now."""

    code = "conflict"


class TooLarge(DijieError):  # noqa: N818
    """More than a stated limit."""

    code = "too-large"


class Denied(DijieError):  # noqa: N818
    """The reader may not do this."""

    code = "denied"


class Unavailable(DijieError):  # noqa: N818
    """Something outside the program (a file, a server) cannot be reached now."""

    code = "unavailable"
