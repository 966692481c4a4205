import assert from "node:assert/strict";
import { test } from "node:test";
import { firstState, isDay, readAddress, writeAddress } from "../../../web/static/js/logic/address.js";

const UUID = "0b9d2a56-5f0f-5c1e-9d3e-111111111111";

/** @type {import("../../../web/static/js/api.js").State} */
const FULL = {
  view: { lon: 119.10671, lat: 36.70815, zoom: 8.5, bearing: -12 },
  asof: "2022-12-31",
  shown: { "boundary-lines": ["batch-2022"], facilities: ["canteen", "day_care"], "place-names": null },
  basemap: true,
  selected: { layer: "facilities", uuid: UUID },
  coverage: { kinds: ["day_care", "canteen"], distance: 1500, weight: "aged_60" },
};

test("the first view has an empty address, and an empty address is the first view", () => {
  assert.equal(writeAddress(firstState()), "");
  assert.deepEqual(readAddress(""), firstState());
});

test("a state comes back from its address as it was", () => {
  assert.deepEqual(readAddress(writeAddress(FULL)), FULL);
});

test("the address is readable", () => {
  assert.equal(
    writeAddress({ ...firstState(), view: FULL.view, coverage: FULL.coverage }),
    "?at=119.10671,36.70815,8.50,-12&cover=day_care.canteen,1500,aged_60",
  );
});

test("no layer at all is a state of its own", () => {
  assert.equal(writeAddress({ ...firstState(), shown: {} }), "?show=none");
  assert.deepEqual(readAddress("?show=none").shown, {});
});

test("parameters of others stay", () => {
  assert.equal(writeAddress({ ...firstState(), asof: "2024-03-31" }, "?lang=en&asof=2020-01-01"), "?asof=2024-03-31&lang=en");
});

test("what is malformed counts as not given", () => {
  const broken = [
    "at=1,2",
    "at=x,y,z",
    "at=200,36,8",
    "at=119,36,99",
    "asof=2022-02-30",
    "asof=yesterday",
    "pick=facilities",
    "pick=facilities:1",
    "pick=<b>:0b9d2a56-5f0f-5c1e-9d3e-111111111111",
    "cover=,500,population",
    "cover=canteen,0,population",
    "cover=canteen,NaN,population",
    "cover=canteen,500,money",
    "show=<script>",
  ];
  for (const part of broken) assert.deepEqual(readAddress(`?${part}`), firstState(), part);
});

test("a day is a day of the calendar", () => {
  assert.ok(isDay("2024-02-29"));
  assert.ok(!isDay("2023-02-29"));
  assert.ok(!isDay("2024-2-9"));
});
