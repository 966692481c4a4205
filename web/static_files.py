"""Static files as they stand on disk, also after an upgrade while the server runs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from whitenoise import WhiteNoise


class StaticFiles(WhiteNoise):
    """WhiteNoise, which reads lengths and ETags once at the start, and anew of a file that has changed since.

    Without it a file that an upgrade has replaced would be sent cut off at its former length until a restart.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._stood: dict[str, tuple[str, tuple[int, int]]] = {}
        super().__init__(*arguments, **options)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        """Remember how the file stands."""
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        stamp = _stamp(path)
        if url in self.files and stamp is not None:
            self._stood[url] = (path, stamp)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Look once whether the file still stands as it did; one that is gone is not there."""
        url = environ.get("PATH_INFO", "")
        known = self._stood.get(url)
        if known is not None:
            path, before = known
            now = _stamp(path)
            if now is None:
                self.files.pop(url, None)
            elif now != before or url not in self.files:
                self.add_file_to_dictionary(url, path)
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 - once for every static file: a Path would cost more than the question
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
