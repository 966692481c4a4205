import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const WEB = new URL("../../../web/", import.meta.url);

async function scripts() {
  const names = await readdir(new URL("static/js/", WEB), { recursive: true });
  const files = names.filter((name) => name.endsWith(".js"));
  return Promise.all(files.map(async (name) => ({ name, source: await readFile(new URL(`static/js/${name}`, WEB), "utf8") })));
}

test("web/maps/texts.py lists the texts of the scripts, no more and no less", async () => {
  const listed = [...(await readFile(new URL("maps/texts.py", WEB), "utf8")).matchAll(/N_\("((?:[^"\\]|\\.)*)"\)/g)].map((match) => match[1]);
  const asked = (await scripts()).flatMap(({ source }) => [...source.matchAll(/\btext\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]));
  assert.ok(asked.length > 80);
  assert.deepEqual([...new Set(asked)].sort(), [...new Set(listed)].sort());
  assert.equal(new Set(listed).size, listed.length);
});

test("every text is asked for by a literal, so that the list can be checked", async () => {
  for (const { name, source } of await scripts()) {
    if (!/import \{[^}]*\btext\b[^}]*\} from "[./]*page-data.js"/.test(source)) continue;
    const calls = [...source.matchAll(/(?<![.\w])text\(\s*(.)/g)].map((match) => match[1]);
    assert.deepEqual(calls.filter((first) => first !== '"'), [], name);
  }
});

test("no page has what its policy forbids: style attributes, inline handlers, inline scripts", async () => {
  const names = await readdir(new URL("templates/", WEB), { recursive: true });
  for (const name of names.filter((each) => each.endsWith(".html"))) {
    const source = await readFile(new URL(`templates/${name}`, WEB), "utf8");
    assert.doesNotMatch(source, /\sstyle="/, name);
    assert.doesNotMatch(source, /\son\w+="/, name);
    for (const [, attributes = ""] of source.matchAll(/<script([^>]*)>/g)) {
      assert.match(attributes, /src=|type="application\/(?:ld\+)?json"|type="importmap"/, name);
    }
  }
});

test("every icon and pictogram that is named is drawn", async () => {
  const drawn = [...(await readFile(new URL("templates/icons.html", WEB), "utf8")).matchAll(/<symbol id="([^"]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(drawn).size, drawn.length);
  const sources = await scripts();
  const templates = await Promise.all(["map.html", "design.html", "parts.html"].map((name) => readFile(new URL(`templates/${name}`, WEB), "utf8")));
  const icons = [...sources.map(({ source }) => source), ...templates].flatMap((source) =>
    [...source.matchAll(/\bicon\("([a-z]+)"\)|icon(?:_name)?(?::|=) ?"([a-z]+)"/g)].map((match) => `icon-${match[1] ?? match[2]}`),
  );
  const pictograms = sources.flatMap(({ source }) => [...source.matchAll(/pictogram: "([a-z]+)"/g)].map((match) => `pictogram-${match[1]}`));
  assert.ok(icons.length > 20 && pictograms.length > 20);
  assert.deepEqual([...icons, ...pictograms].filter((name) => !drawn.includes(name)), []);
});
