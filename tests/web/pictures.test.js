import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import { literal, themed } from "../../explorer/web/plot.js";
import { withTexts } from "../../explorer/web/png.js";
import { described, escaped, SvgPen } from "../../explorer/web/svg.js";

const ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * The chunks of a PNG file, their checksums proved.
 * @param {Uint8Array} png
 */
function chunksOf(png) {
  const file = Buffer.from(png);
  const chunks = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const body = file.subarray(at + 4, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(body));
    chunks.push({ type: body.toString("latin1", 0, 4), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

test("a PNG keeps its picture and says in standard chunks what it shows", () => {
  const png = withTexts(Buffer.from(ONE_PIXEL, "base64"), { Description: "“王” → x", Software: "explorer" });
  const chunks = chunksOf(png);
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ["IHDR", "iTXt", "iTXt", "IDAT", "IEND"],
  );
  assert.equal(chunks[1].data.toString("utf8"), "Description\0\0\0\0\0“王” → x");
  assert.equal(inflateSync(chunks[3].data).length, 5);
});

const pen = () =>
  new SvgPen({ width: 40, height: 30, background: [1, 2, 3], title: "a < b", measure: (text) => 7 * text.length });

test("strokes, circles and texts are written as SVG", () => {
  const svg = pen();
  svg.strokeStyle = "red";
  svg.lineWidth = 2;
  svg.beginPath();
  svg.moveTo(1, 2);
  svg.lineTo(3.25, 4);
  svg.stroke();
  svg.beginPath();
  svg.arc(10, 10, 4);
  svg.stroke();
  svg.font = "600 12px system-ui, sans-serif";
  svg.fillStyle = "blue";
  svg.fillText("<b>", 5, 6);
  const text = svg.text();
  assert.match(text, /^<svg xmlns=.* width="40" height="30" viewBox="0 0 40 30">/);
  assert.match(text, /<title>a &lt; b<\/title><rect width="100%" height="100%" fill="rgb\(1,2,3\)"\/>/);
  assert.match(text, /<path d="M1.0 2.0L3.3 4.0" stroke="red" stroke-width="2" fill="none"\/>/);
  assert.match(text, /M6.0 10.0a4 4 0 1 0 8.0 0a4 4 0 1 0 -8.0 0/);
  assert.match(text, /<text x="5.0" y="10.0" .*font-weight="600" fill="blue">&lt;b&gt;<\/text>/);
  assert.equal(svg.measureText("four").width, 28);
});

test("what may not stand in XML does not", () => {
  assert.equal(escaped('<a href="x">&\u0000\u001f\ufffe\ud800</a>'), "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;");
  assert.equal(escaped("tab\tline\nemoji 👩"), "tab\tline\nemoji 👩");
});

test("an SVG says in itself what it shows", () => {
  const svg = described('<svg width="1"><g/></svg>', { title: "T", description: "a & b", metadata: { k: "<" } });
  const inside = "<title>T</title><desc>a &amp; b</desc><metadata>{&quot;k&quot;:&quot;&lt;&quot;}</metadata>";
  assert.equal(svg, `<svg width="1">${inside}<g/></svg>`);
});

test("a figure takes the page's colours on every axis and keeps its own titles and sizes", () => {
  const layout = {
    xaxis: { title: "x" },
    yaxis2: { side: "right" },
    font: { size: 9 },
    hoverlabel: { bgcolor: "red" },
  };
  const drawn = themed(layout, (name) => `value of ${name}`);
  assert.deepEqual(drawn.xaxis.title, "x");
  for (const axis of ["xaxis", "yaxis", "yaxis2"]) {
    assert.equal(drawn[axis].gridcolor, "value of --border-color-primary");
  }
  assert.deepEqual(drawn.font, { family: "value of --font", size: 9, color: "value of --body-text-color" });
  assert.equal(drawn.hoverlabel.bgcolor, "red");
  assert.equal(drawn.uirevision, "kept");
});

test("a token in a label of a figure is shown as it is", () => {
  assert.equal(literal("<b>&amp;"), "&lt;b&gt;&amp;amp;");
});
