"""How templates say a county and a browser."""

from __future__ import annotations

import re

from layers.features import division_names
from web.permissions import current_reader
from web.service import service

_BROWSERS = (
    ("Edg(?:e|A|iOS)?", "Edge"),
    ("OPR", "Opera"),
    ("MicroMessenger", "WeChat"),
    ("Firefox|FxiOS", "Firefox"),
    ("(?:Headless)?Chrome|CriOS", "Chrome"),
    ("Version", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux|X11", "Linux"),
)


def county_name(code: str) -> str:
    """A county's name, its code where it has none that the reader may see."""
    return division_names(service().index, [code], reader=current_reader()).get(code, code)


def browser_name(agent: str) -> str:
    """Browser and system of a session, as people call them."""
    browser = next((name for pattern, name in _BROWSERS if re.search(rf"\b(?:{pattern})/", agent)), "")
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, agent)), "")
    return " · ".join(filter(None, (browser, system))) or agent[:40] or "–"
