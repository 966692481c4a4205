import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureLine, sourcesOf, withParagraph } from "../../../web/static/js/logic/stories.js";

test("sources are lines of title and address", () => {
  assert.deepEqual(sourcesOf("县志\n\n 网页 | https://a.b/c \n"), [{ title: "县志", url: "" }, { title: "网页", url: "https://a.b/c" }]);
  assert.equal(sourcesOf(" \n"), null);
});

test("a picture stands in a paragraph of its own", () => {
  const line = pictureLine({ sha256: "ab", title: "桥[东]" });
  assert.equal(line, "![桥东](/media/ab)");
  assert.equal(withParagraph("一段\n二段", 2, line), `一段\n\n${line}\n\n二段`);
  assert.equal(withParagraph("", 0, line), line);
});
