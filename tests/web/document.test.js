import assert from "node:assert/strict";
import { test } from "node:test";
import { gathered, nameOf, written } from "../../explorer/web/document.js";

const HOME = "http://here/assets/1/";
/** @type {Record<string, string>} */
const FILES = {
  "web/map/open.js":
    '// from "./comment.js"\nimport { a } from "../a.js";\nimport "./side.js";\nexport const open = a;\n',
  "web/map/side.js": 'export {\n  a,\n} from "../a.js";\n',
  "web/a.js": '/** @import { T } from "./types.js" */\nexport const a = "import me from here";\n',
  "web/late.js": 'export const late = () => import("./a.js");\n',
  "web/far.js": 'import "../../../far.js";\n',
};
/** @param {string} address */
const fetching = async (address) => FILES[address.slice(HOME.length)] ?? assert.fail(`${address} was asked for`);

test("a document holds every module once, under bare names, and none that only a comment names", async () => {
  const modules = await gathered(`${HOME}web/map/open.js`, HOME, fetching);
  assert.deepEqual([...modules.keys()].sort(), [
    "explorer/web/a.js",
    "explorer/web/map/open.js",
    "explorer/web/map/side.js",
  ]);
  const entry = modules.get("explorer/web/map/open.js");
  assert.equal(
    entry,
    'import { a } from "explorer/web/a.js";\nimport "explorer/web/map/side.js";\nexport const open = a;\n',
  );
  assert.match(modules.get("explorer/web/map/side.js") ?? "", /from "explorer\/web\/a.js"/);
});

test("what a document could not load by itself is refused when it is made", async () => {
  await assert.rejects(gathered(`${HOME}web/late.js`, HOME, fetching), /imports while it runs/);
  await assert.rejects(gathered(`${HOME}web/far.js`, HOME, fetching), /lies outside/);
  assert.throws(() => nameOf("http://elsewhere/a.js", HOME), /lies outside/);
});

test("text in the title and the data cannot become markup or end a script", () => {
  const data = { names: ["</script><script>alert(1)</script>", "<!--"] };
  const modules = new Map([["explorer/a.js", "export const open = () => {};"]]);
  const text = written({ title: "<b>&", entry: "explorer/a.js", data, style: "" }, modules);
  assert.match(text, /<title>&lt;b&gt;&amp;<\/title>/);
  assert.equal(text.match(/<\/script>/g)?.length, 4);
  assert.ok(!text.includes("alert(1)</script>") && !text.includes("<!--"));
  const place = text.match(/id="explorer-data">(.*)<\/script>/);
  assert.deepEqual(JSON.parse(place?.[1] ?? ""), data);
});

test("a document forbids itself to ask for anything outside", () => {
  const text = written({ title: "t", entry: "a", data: null, style: "" }, new Map());
  assert.match(text, /Content-Security-Policy" content="default-src 'none'/);
});
