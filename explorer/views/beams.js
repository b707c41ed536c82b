// The tree of a beam search: one column per token, the beams that were kept, the best of those that were dropped.
const find = (name) => element.querySelector(name);
const svg = find(".beams-tree");
const SPACE = "http://www.w3.org/2000/svg";
const COLUMN = 140, ROW = 24, TOP = 16;
const search = find("[data-do=search]");
const stop = find("[data-do=stop]");
let run = 0;

function make(tag, attributes, text) {
  const node = document.createElementNS(SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// Kept and finished nodes first, then as many dropped ones: those that came closest.
function placed(nodes) {
  const columns = new Map();
  nodes.forEach((node, number) => {
    const column = columns.get(node.depth) ?? { kept: [], dropped: [] };
    columns.set(node.depth, column);
    (node.fate === "dropped" ? column.dropped : column.kept).push(number);
  });
  const places = new Map();
  for (const [depth, { kept, dropped }] of columns) {
    [...kept, ...dropped.slice(0, Math.max(1, kept.length))].forEach((number, row) => places.set(number, [(depth - 1) * COLUMN + 8, TOP + row * ROW]));
  }
  return places;
}

function bestPath(value) {
  const best = new Set();
  for (let at = value.finished[0]?.node; at !== undefined && at !== null; at = value.nodes[at].parent) best.add(at);
  return best;
}

function draw(value) {
  const places = placed(value.nodes);
  const best = bestPath(value);
  const parts = [];
  for (const [number, [x, y]] of places) {
    const node = value.nodes[number];
    const from = places.get(node.parent);
    const kind = `${node.fate}${best.has(number) ? " best" : ""}`;
    if (from) parts.push(make("path", { d: `M${from[0] + 92},${from[1] - 4} C${x - 18},${from[1] - 4} ${x - 34},${y - 4} ${x - 4},${y - 4}`, class: `beam-line ${kind}` }));
    const name = node.special ? node.text : explorer.tokenLabel(node.text);
    parts.push(make("text", { x, y, class: `beam-token ${kind}` }, name.length > 9 ? `${name.slice(0, 8)}…` : name));
    parts.push(make("text", { x: x + 62, y, class: "beam-score" }, node.score.toFixed(1)));
  }
  const width = Math.max(...[...places.values()].map(([x]) => x)) + COLUMN;
  const height = Math.max(...[...places.values()].map(([, y]) => y)) + ROW / 2;
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.replaceChildren(...parts);
  find(".beams-scroll").hidden = find(".beams-note").hidden = false;
  find(".beams-texts").replaceChildren(...value.finished.map((found) => {
    const item = document.createElement("li");
    item.dir = "auto";
    item.textContent = `${found.text}  (${found.score.toFixed(3)} nats per token, ${found.tokens} tokens)`;
    return item;
  }));
  element.dataset.nodes = value.nodes.length;
}

function end(text) {
  run = 0;
  stop.disabled = true;
  find(".stream-state").textContent = text;
  element.dataset.state = "done";
}

function receive() {
  const value = props.value;
  if (!value || value.ask || value.run !== run) return;
  if (value.state === "failed") { end(""); explorer.fail(element, value.error); return; }
  draw(value);
  if (value.state === "done") end("Done.");
  else find(".stream-state").textContent = `Step ${value.nodes.at(-1).depth}…`;
}

function clear() {
  find(".beams-scroll").hidden = find(".beams-note").hidden = true;
  find(".beams-texts").replaceChildren();
  end("");
}

search.addEventListener("click", () => {
  run = Date.now();
  stop.disabled = false;
  element.dataset.state = "working";
  find(".stream-state").textContent = "Starting…";
  props.value = { ask: { run } };
  trigger("search");
});
stop.addEventListener("click", () => { trigger("halt"); end("Stopped."); });
window.addEventListener("explorer-broken", (event) => {
  if (event.detail !== "search" || !run) return;
  end("");
  explorer.fail(element, "The work broke off on the server. Try again.");
});
watch("value", receive);
explorer.subscribe(element, (state, changed) => {
  if (!state.subject || !changed.includes("subject")) return;
  if (run) trigger("halt");
  clear();
}, ["subject"]);
