"""The map page as a reader drives it, and what its map draws, asked from outside: the product has no hook for tests."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page

CAPTURE = """async () => {
  if (window.drawnMap) return;
  const { Map: MapLibre } = await import("maplibre-gl");
  let owner = MapLibre.prototype;
  while (!Object.hasOwn(owner, "isMoving")) owner = Object.getPrototypeOf(owner);
  const original = owner.isMoving;
  // The page asks its map whether it moves whenever the pointer does: from that call we know the map.
  await new Promise((found, fail) => {
    owner.isMoving = function () {
      window.drawnMap = this;
      owner.isMoving = original;
      found();
      return original.call(this);
    };
    setTimeout(() => fail(new Error("the page did not ask its map")), 10000);
    document.querySelector("#map canvas").dispatchEvent(
      new MouseEvent("mousemove", { bubbles: true, clientX: innerWidth / 2, clientY: innerHeight / 2 }));
  });
}"""

IDLE = """() => new Promise((there, fail) => {
  setTimeout(() => fail(new Error("the map did not come to rest")), 30000);
  window.drawnMap.once("idle", () => there());
  window.drawnMap.triggerRepaint();
})"""

# Two frames for what follows a card's size; what turns for ever (a spinner) is not waited for.
STILL = """async () => {
  for (let i = 0; i < 2; i++) await new Promise((next) => requestAnimationFrame(next));
  const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}"""

# Things drawn whose surroundings hold nothing else to click, in the part of the map that no card covers.
LONELY = """([layers, reach]) => {
  const map = window.drawnMap;
  const own = new Set(map.getStyle().layers.filter((layer) => layers.includes(layer.id)).map((layer) => layer.source));
  const seen = new Set();
  const canvas = map.getCanvas();
  const clear = (x, y) => x > 5 && y > 5 && document.elementFromPoint(x, y) === canvas;
  for (const feature of map.queryRenderedFeatures({ layers })) {
    const { uuid } = feature.properties;
    if (seen.has(uuid)) continue;
    const { type, coordinates } = feature.geometry;
    const positions = type === "Point" ? [coordinates] : type === "LineString" ? coordinates : coordinates.flat();
    for (const position of positions) {
      const { x, y } = map.project(position);
      if (!clear(x, y)) continue;
      const around = map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]])
        .filter(({ properties, layer, source }) => properties.uuid && layer.type !== "fill"
          && (source !== "divisions" || layer.type === "symbol"))
        .map(({ properties }) => properties.uuid);
      if (!around.includes(uuid) || around.some((other) => other !== uuid)) continue;
      seen.add(uuid);
      return { uuid, name: feature.properties.name, layer: feature.source, x, y };
    }
  }
  return null;
}"""

COUNT_COLOURS = """async ([encoded, wanted, reach]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = wanted.map(() => 0);
  for (let i = 0; i < data.length; i += 4) {
    wanted.forEach((colour, k) => {
      if (Math.max(...colour.map((value, c) => Math.abs(value - data[i + c]))) <= reach) counts[k] += 1;
    });
  }
  return counts.map((count) => count / (image.width * image.height));
}"""


class Spot(NamedTuple):
    """Something drawn, and where on the page."""

    layer: str
    uuid: str
    name: str
    x: float
    y: float


class MapPage:
    """A page of the map that is ready; `page` is Playwright's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ready()

    def ready(self) -> None:
        """Wait until the page works and its map is drawn; to be called again after a reload."""
        self.page.wait_for_selector("html.is-ready", state="attached", timeout=60_000)
        self.page.evaluate(CAPTURE)
        self.idle()

    def idle(self) -> None:
        """Wait until the map has loaded and drawn all that it wants to."""
        self.page.evaluate(IDLE)

    def still(self) -> None:
        """Wait until cards have come to where they belong."""
        self.page.evaluate(STILL)

    @property
    def query(self) -> str:
        """The address from `?` on."""
        return str(self.page.evaluate("decodeURIComponent(location.search)"))

    @property
    def on_phone(self) -> bool:
        return bool(self.page.evaluate("innerWidth < 720"))

    def centre(self) -> tuple[float, float, float]:
        """Longitude, latitude and zoom."""
        lon, lat, zoom = self.page.evaluate(
            "(() => { const { lng, lat } = drawnMap.getCenter(); return [lng, lat, drawnMap.getZoom()]; })()"
        )
        return lon, lat, zoom

    def lonlat(self, x: float, y: float) -> tuple[float, float]:
        """The position under a point of the page."""
        lon, lat = self.page.evaluate(
            "at => { const { lng, lat } = drawnMap.unproject(at); return [lng, lat]; }", [x, y]
        )
        return lon, lat

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position is drawn."""
        x, y = self.page.evaluate("at => { const { x, y } = drawnMap.project(at); return [x, y]; }", [lon, lat])
        return x, y

    def drawn(self, *layers: str) -> list[dict[str, Any]]:
        """The properties of what layers of the style draw now, each feature once."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "layers => drawnMap.queryRenderedFeatures({ layers }).map((each) => each.properties)", list(layers)
        )
        return list({str(each.get("uuid")): each for each in found}.values())

    def lonely(self, *layers: str) -> Spot:
        """Something of these layers that can be clicked without hitting anything else."""
        reach = 16 if self.page.evaluate("matchMedia('(pointer: coarse)').matches") else 7
        found = self.page.evaluate(LONELY, [list(layers), reach])
        assert found, f"nothing of {layers} stands alone"
        return Spot(found["layer"], found["uuid"], found["name"], found["x"], found["y"])

    def click(self, spot: Spot) -> None:
        """Click something drawn."""
        self.page.mouse.click(spot.x, spot.y)

    def colours(self, *names: str, reach: int = 6) -> list[float]:
        """Which share of the picture of the map has the colours of these variables of the design system."""
        wanted = self.page.evaluate(
            """names => names.map((name) => {
              const text = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
              return [1, 3, 5].map((from) => parseInt(text.slice(from, from + 2), 16));
            })""",
            list(names),
        )
        size = self.page.viewport_size
        assert size is not None
        # The middle, where no card lies over the map.
        clip = (
            {"x": 0, "y": 190, "width": size["width"], "height": 440}
            if self.on_phone
            else {"x": 400, "y": 90, "width": 480, "height": 640}
        )
        picture = base64.b64encode(self.page.screenshot(clip=clip)).decode()  # type: ignore[arg-type]
        return list(self.page.evaluate(COUNT_COLOURS, [picture, wanted, reach]))

    def open_panel(self, name: str) -> None:
        """Open a panel by its button, if it is not open."""
        panel = self.page.locator(f"#{name}")
        if not panel.is_visible():
            self.page.locator(f"[data-opens={name}]").click()
        panel.wait_for()
        self.still()

    def row(self, layer: str, key: str | None = None) -> Locator:
        """A row of the layers panel."""
        which = f"[data-layer={layer}]" + (f"[data-class={key}]" if key else ":not([data-class])")
        return self.page.locator(f"#layers-body {which}")

    def count(self, layer: str, key: str | None = None) -> int:
        """The count in a row of the layers panel."""
        return int(self.row(layer, key).locator(".layer-count").inner_text().replace(",", ""))

    def search(self, words: str) -> Locator:
        """Type into the search; gives the suggestions once they answer these words."""
        with self.page.expect_response(lambda answer: "/api/search" in answer.url and answer.status == 200):
            self.page.locator("#search-input").fill(words)
        self.page.locator("#suggestions").wait_for()
        return self.page.locator("#suggestions [role=option]")
