"""Words that differ from what was typed by one character, found without comparing with each of them.

Every word is kept under itself and under itself with each character left out (the deletions of Garbe's SymSpell): two
words that are one wrong, missing, additional or swapped character apart have one of these in common.
"""

from __future__ import annotations

from collections.abc import Iterable

from layers.geocoding.wording import folded, one_edit, sounds, without_one

COST = {"": 0.0, "sound": 0.7, "alike": 1.0, "swapped": 1.1, "missing": 1.3, "extra": 1.3, "wrong": 1.6}
"""What a difference costs of a word's weight, which is its length: the likelier a slip, the less."""


class Near:
    """Words of a part of the register.

    Parameters
    ----------
    pairs
        Word and entry.
    """

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        words: dict[str, list[int]] = {}
        for word, row in pairs:
            words.setdefault(word, []).append(row)
        self._words = {word: tuple(dict.fromkeys(rows)) for word, rows in words.items()}
        self._parts: dict[str, list[str]] = {}
        self._sounds: dict[str, list[str]] = {}
        for word in self._words:
            for part in {word, *without_one(word)}:
                self._parts.setdefault(part, []).append(word)
            self._sounds.setdefault(folded(sounds(word)), []).append(word)
        self.longest = max(map(len, self._words), default=0) + 1

    def of(self, typed: str, key: str, kept_under: Iterable[str]) -> list[tuple[str, str, tuple[int, ...]]]:
        """Words that are nearly what was typed, not the word itself.

        Parameters
        ----------
        key
            The folded sounds of ``typed``.
        kept_under
            ``typed`` itself and without each of its characters.

        Returns
        -------
        list of (how, word, entries)
            ``how`` they differ is a key of `COST`.
        """
        alike = self._sounds.get(key, ())
        found = [
            ("sound" if sounds(word) == sounds(typed) else "alike", word, self._words[word])
            for word in alike
            if word != typed and len(word) == len(typed)
        ]
        get, seen = self._parts.get, {typed, *alike}
        for part in kept_under:
            for word in get(part, ()):
                if word not in seen:
                    seen.add(word)
                    how = one_edit(typed, word)
                    if how:
                        found.append((how, word, self._words[word]))
        return found
