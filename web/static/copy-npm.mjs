/**
 * Copies the few files that the pages need from node_modules to web/static/npm/<package>@<version>/, each with a
 * .gz beside it, and writes the import map that the pages render.
 *
 * Run it after `npm ci`, from anywhere: `node web/static/copy-npm.mjs`.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);
const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.resolve(here, "../../node_modules");
const target = path.join(here, "npm");

/**
 * What is copied. `entry` is the file that the bare name means in an import; the others are fetched by it.
 * MapLibre finds its worker beside its own module, so the two must stay in one folder.
 */
const PACKAGES = [
  {
    name: "maplibre-gl",
    entry: "dist/maplibre-gl.mjs",
    files: ["dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css", "LICENSE.txt"],
  },
  { name: "echarts", entry: "dist/echarts.esm.min.mjs", files: ["LICENSE", "NOTICE"] },
  // MIT; their packages carry the licence's name in package.json and no text of it.
  { name: "terra-draw", entry: "dist/terra-draw.module.js", files: ["package.json"] },
  { name: "terra-draw-maplibre-gl-adapter", entry: "dist/terra-draw-maplibre-gl-adapter.module.js", files: ["package.json"] },
];

/** The maps of the minified sources are not copied: a browser would ask for them in vain. */
const withoutSourceMap = (/** @type {Buffer} */ content) =>
  Buffer.from(content.toString("utf8").replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n"));

await rm(target, { recursive: true, force: true });
/** @type {Record<string, string>} */
const imports = {};
for (const { name, entry, files } of PACKAGES) {
  const source = path.join(modules, name);
  const { version } = JSON.parse(await readFile(path.join(source, "package.json"), "utf8"));
  const folder = `${name}@${version}`;
  await mkdir(path.join(target, folder), { recursive: true });
  for (const file of [entry, ...files]) {
    const raw = await readFile(path.join(source, file));
    const content = /\.m?js$/.test(file) ? withoutSourceMap(raw) : raw;
    const copy = path.join(target, folder, path.basename(file));
    await writeFile(copy, content);
    await writeFile(`${copy}.gz`, await compress(content, { level: 9 }));
  }
  imports[name] = `/static/npm/${folder}/${path.basename(entry)}`;
}
await writeFile(path.join(target, "importmap.json"), `${JSON.stringify({ imports }, null, 2)}\n`);
