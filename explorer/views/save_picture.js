// Saves the attention picture on screen; what it shows (model, text, layer, head, ...) is written into the file.
const INK = { color: "#111", family: "sans-serif" };
const PNG_HEADER_BYTES = 33; // signature and first chunk: further chunks may follow from here

function download(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  element.dataset.saved = name;
}

const fileName = (about, ending) => `attention ${about.model} ${about.name}`.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80) + ending;
const cut = (text, limit) => ([...text].length > limit ? [...text].slice(0, limit - 1).join("") + "…" : text);

function printed({ about, trace, layout, literal }) {
  const title = `${about.model} · ${about.kind === "self" ? "" : `${about.kind} attention · `}${about.name}${about.unit === "share" ? "" : ` · ${about.unit}`}`;
  const quoted = [about.text, about.target].filter(Boolean).map((text) => `“${cut(text.replace(/\s+/g, " "), 110)}”`).join(" → ");
  const axis = (given) => ({ ...given, linecolor: "#999", color: INK.color });
  return {
    data: [trace],
    layout: {
      ...layout, width: 900, height: 900, margin: { l: 110, r: 20, t: 76, b: 100 }, paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      font: INK, shapes: [], xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis),
      title: { text: literal(title), subtitle: { text: literal(quoted), font: { size: 12 } }, x: 0.02, font: { size: 17 } },
    },
  };
}

// ---- words inside the file ------------------------------------------------------------------------------------------
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});
const checksum = (bytes) => bytes.reduce((crc, byte) => CRC[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff;

// A PNG text chunk: length, "iTXt", keyword, four empty fields, text, checksum (PNG specification, section 11.3.4.5).
function withText(png, text) {
  const body = new TextEncoder().encode(`iTXtDescription\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(body.length + 8);
  const numbers = new DataView(chunk.buffer);
  numbers.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  numbers.setUint32(body.length + 4, checksum(body));
  return new Blob([png.subarray(0, PNG_HEADER_BYTES), chunk, png.subarray(PNG_HEADER_BYTES)]);
}

function described(svg, about) {
  const holder = new DOMParser().parseFromString(svg, "image/svg+xml");
  const add = (name, text) => {
    const node = holder.createElementNS("http://www.w3.org/2000/svg", name);
    node.textContent = text;
    holder.documentElement.prepend(node);
  };
  add("metadata", JSON.stringify(about));
  add("desc", about.text);
  add("title", `Attention of ${about.model}, ${about.name}`);
  return new XMLSerializer().serializeToString(holder);
}

// ---- saving ---------------------------------------------------------------------------------------------------------
async function savePicture(format) {
  const shown = explorer.picture();
  const address = await explorer.Plotly.toImage(printed(shown), { format, width: 900, height: 900, scale: format === "png" ? 2 : 1 });
  const name = fileName(shown.about, `.${format}`);
  if (format === "svg") download(name, "image/svg+xml", described(decodeURIComponent(address.slice(address.indexOf(",") + 1)), shown.about));
  else download(name, "image/png", withText(explorer.bytes(address.slice(address.indexOf(",") + 1)), JSON.stringify(shown.about)));
}

async function saveTable(format) {
  const { question, about } = explorer.picture();
  const answer = await explorer.call(server.table, { ...question, format });
  download(fileName(about, `.${format}`), format === "csv" ? "text/csv" : "application/json", answer.content);
}

element.addEventListener("click", (event) => {
  const format = event.target.closest("button")?.dataset.save;
  if (!format || !explorer.picture?.()) return;
  (format === "png" || format === "svg" ? savePicture : saveTable)(format);
});
