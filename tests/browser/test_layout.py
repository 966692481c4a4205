"""Nothing lies over anything else, nothing leaves the window, no word is cut: in each state, size and language."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from tests.browser.conftest import MapOpening
from tests.browser.map_page import MapPage

CARDS = [
    *("#search", ".tools-main", ".tools-more", ".panel", ".zoomer", "#scale", "#attribution"),
    *("#synthetic", "#status", "#banner", "dialog[open]"),
]
BOXES = """(cards) => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  return cards.flatMap((which) => [...document.querySelectorAll(which)].filter(seen).map((each) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [which === ".panel" ? `.panel ${each.id}` : which, left, top, right, bottom];
  })).filter(([, left, top, right, bottom]) => right > left && bottom > top);
}"""

# What is cut in silence: an ellipsis is meant only where the whole text stands in a title.
WORDS = "button, h1, h2, h3, .button, .badge, .layer-title, dt, th, label, .figure-value, .note"
CUT = """(words) => [...document.querySelectorAll(words)]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".out-of-sight"))
  .filter((each) => each.clientWidth > 0 && getComputedStyle(each).display !== "inline")
  .filter((each) => each.scrollWidth > each.clientWidth + 1
    || (each.matches("button") && each.scrollHeight > each.clientHeight + 2))
  .filter((each) => !each.closest("[title]") && getComputedStyle(each).overflowX !== "auto")
  .map((each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 40)}`)"""

UNDER_SHEET = ("#scale", "#attribution", "#synthetic", ".zoomer", ".tools-more")
"""What a sheet on a phone may lie over."""


def faults(found: MapPage, state: str) -> list[str]:
    """What is wrong with the page's layout now."""
    found.still()
    size = found.page.viewport_size
    assert size is not None
    boxes = found.page.evaluate(BOXES, CARDS)
    said = []
    for name, left, top, right, bottom in boxes:
        if left < -1 or top < -1 or right > size["width"] + 1 or bottom > size["height"] + 1:
            said.append(f"{state}: {name} leaves the window: {left:.0f},{top:.0f},{right:.0f},{bottom:.0f}")
    for (a, *box), (b, *other) in combinations(boxes, 2):
        if "dialog" in a + b:
            continue
        sheets = [name for name in (a, b) if name.startswith(".panel")]
        if found.on_phone and sheets and any(name.startswith(UNDER_SHEET) for name in (a, b)):
            continue
        width = min(box[2], other[2]) - max(box[0], other[0])
        height = min(box[3], other[3]) - max(box[1], other[1])
        if width > 1 and height > 1:
            said.append(f"{state}: {a} and {b} overlap by {width:.0f} × {height:.0f}")
    said += [f"{state}: cut: {each}" for each in found.page.evaluate(CUT, WORDS)]
    wide = found.page.evaluate("document.documentElement.scrollWidth")
    if wide > size["width"]:
        said.append(f"{state}: the page scrolls sideways: {wide}")
    return said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_layout(shown: MapOpening, size: str, language: str) -> None:
    found = shown(size=size, language=language)
    page = found.page
    said = faults(found, "first view")

    def panel(name: str) -> Callable[[], None]:
        def look() -> None:
            found.open_panel(name)
            if name == "coverage":
                page.locator("#coverage-share").wait_for()
            said.extend(faults(found, name))

        return look

    for name in ("layers", "date", "measure", "coverage"):
        panel(name)()
    for tab in ("towns", "chart", "villages"):
        page.locator(f"#coverage-tab-{tab}").click()
        said += faults(found, f"coverage {tab}")
    found.search("青临线").first.click()
    page.locator("#details .record").first.wait_for()
    said += faults(found, "a line's record above the coverage")
    found.search("养老院").first.click()
    page.locator("#details .actions button").nth(3).wait_for()
    said += faults(found, "a facility's record")
    for opener in ("#export-open", "#help-open"):
        page.locator(opener).click()
        said += faults(found, opener)
        page.keyboard.press("Escape")
    assert said == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_leaves_the_search_and_the_bar(shown: MapOpening, language: str) -> None:
    """On a phone one sheet is up at a time, over the map, between search and bar."""
    found = shown(size="phone", language=language)
    bar = found.page.locator(".tools-main").bounding_box()
    search = found.page.locator("#search").bounding_box()
    assert bar is not None
    assert search is not None
    for name in ("layers", "date", "measure", "coverage"):
        found.open_panel(name)
        assert found.page.locator(".panel:visible").count() == 1
        box = found.page.locator(f"#{name}").bounding_box()
        assert box is not None
        assert box["x"] == pytest.approx(0, abs=1)
        assert box["width"] == pytest.approx(390, abs=1)
        assert box["y"] > search["y"] + search["height"]
        assert box["y"] + box["height"] <= bar["y"] + 1, "its end is not under the bar"
    found.page.locator("#coverage-close").click()
    assert found.page.locator(".panel:visible").count() == 0
