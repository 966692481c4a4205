"""Which language somebody reads, and texts in it. English is the language of the keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, request
from flask_babel import Babel

from gis.errors import DijieError
from web.settings import LANGUAGES

TRANSLATIONS = Path(__file__).parent / "translations"


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(TRANSLATIONS), [language]) if language != "en" else NullTranslations()


def translated(text: str, language: str, params: Mapping[str, object] | None = None) -> str:
    """A text in a language, its places filled; outside a request too."""
    if not text:
        return ""
    found = str(_catalogue(language).ugettext(text))
    return found % params if params else found


def sentences(error: DijieError, language: str) -> tuple[str, str]:
    """What went wrong and what to do, in a language."""
    return (
        translated(error.template, language, error.params),
        translated(error.hint_template, language, error.params),
    )


def chosen(default: str) -> str:
    """The language of the current request: asked for, remembered, preferred by the browser, or the default."""
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return request.accept_languages.best_match(LANGUAGES, default) or default


def install(app: Flask, default: str) -> None:
    """Teach an app the reader's language; a language asked for in the address is remembered."""
    Babel(app, default_translation_directories=str(TRANSLATIONS), locale_selector=lambda: reader_language(default))

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in LANGUAGES and request.cookies.get("lang") != asked:
            response.set_cookie("lang", asked, max_age=365 * 86400, httponly=True, samesite="Lax")
        response.vary.add("Accept-Language")
        return response


def reader_language(default: str = "zh") -> str:
    """The language of the current request, decided once."""
    if "language" not in g:
        g.language = chosen(default)
    return str(g.language)
