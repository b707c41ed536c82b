// The map of vectors with its search, lists and downloads. Values of the controls come from the page's store.
const find = (selector) => element.querySelector(selector);
const host = find(".map-host");
const asker = crypto.randomUUID?.() ?? String(Math.random());
const KEYS = [
  "subject", "map_space", "map_depth", "map_stack", "map_method", "map_dimensions", "map_metric", "map_sample", "map_seed",
  "map_perplexity", "map_near", "map_spread", "map_x", "map_y", "map_z", "map_colour",
];
const VECTORS = ["subject", "map_space", "map_depth", "map_stack"];
const CHUNK = 4000;

let names = new Map(); // row → raw text
let rows = null; // point → row; null where they are the same
let points = new Map(); // row → point, the other way round
let drawn = null; // the last answer about points
let legend = null;
let ticket = 0;
let job = null;
let restored = false;

const map = new PointMap(host, {
  name: (index) => labelled(rowOf(index)),
  missing: (indexes) => fetchNames(indexes.map(rowOf)),
  hover: (index) => index >= 0 && fetchNames([rowOf(index)]),
  pick: (index) => (index >= 0 ? choose(rowOf(index)) : unchoose()),
  lasso: (indexes) => listGroup(indexes, "in the lasso"),
  calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
});
map.canvas.setAttribute("aria-label", "Map of vectors. Arrow keys move, plus and minus zoom, 0 shows the whole; search beside it finds tokens.");
element.map = map; // for whoever measures it

// ---- what is asked for ----------------------------------------------------------------------------------------------
const rowOf = (index) => (rows ? rows[index] : index);
const number = (value, otherwise) => (Number.isFinite(Number(value)) ? Number(value) : otherwise);

function vectors(state = explorer.state) {
  return {
    ...explorer.question(state.subject),
    space: state.map_space, depth: number(state.map_depth, 0), stack: state.map_stack ?? "decoder",
  };
}

function wanted(state = explorer.state) {
  return {
    ...vectors(state), asker, method: state.map_method, dimensions: state.map_dimensions === "3-D" ? 3 : 2,
    metric: state.map_metric, sample: number(state.map_sample, -1), seed: number(state.map_seed, 0),
    perplexity: number(state.map_perplexity, 30), near: number(state.map_near, 15), spread: number(state.map_spread, 0.1),
    axes: [state.map_x, state.map_y, state.map_z].map((axis, place) => number(axis, place + 1) - 1),
  };
}

async function update(state, changed) {
  if (!state.subject) return;
  const all = !drawn || !changed.length;
  if (all || changed.some((key) => VECTORS.includes(key))) forgetNames();
  if (all || changed.some((key) => key !== "map_colour")) await load();
  else await shade();
}

// ---- points ---------------------------------------------------------------------------------------------------------
async function load() {
  const mine = (ticket += 1);
  const request = wanted();
  if (job) leave();
  element.dataset.state = "working";
  for (;;) {
    const answer = await explorer.call(server.project, request).catch((error) => {
      if (mine === ticket) ended("failed");
      throw error;
    });
    if (mine !== ticket) return;
    if (answer.state === "done") return show(answer);
    if (answer.state === "stopped") return stopped();
    job = answer.key;
    tell(answer);
    await new Promise((done) => setTimeout(done, 500));
    if (mine !== ticket) return;
  }
}

function tell({ state, share, stage, ahead, seconds }) {
  find(".map-job").hidden = false;
  find("progress").value = share;
  find(".map-stage").textContent = state === "waiting"
    ? `waiting: ${ahead} ${ahead === 1 ? "projection is" : "projections are"} before this one`
    : `${stage}, ${Math.round(share * 100)} % (${Math.round(seconds)} s)`;
}

function ended(state) {
  job = null;
  find(".map-job").hidden = true;
  element.dataset.state = state;
}

function stop() {
  if (!job) return;
  ticket += 1; // asking on would put us back in line
  leave();
  stopped();
}

function stopped() {
  ended("stopped");
  explorer.status(element, "Stopped. What the map shows is from before; change a setting to start again.");
}

function leave() {
  server.stop({ ...explorer.question(), key: job, asker });
  job = null;
}

async function show(answer) {
  ended("shown");
  explorer.status(element, null);
  drawn = answer;
  const packed = explorer.bytes(answer.points);
  rows = answer.rows ? new Uint32Array(explorer.bytes(answer.rows).buffer) : null;
  points = new Map(rows ? [...rows].map((row, index) => [row, index]) : []);
  map.setPoints(new Uint16Array(packed.buffer), answer.dimensions);
  for (const section of [".map-chosen", ".map-group", ".map-matches"]) find(section).hidden = true;
  find(".map-caption").textContent = answer.caption;
  showMarks(answer.marks);
  showScree(answer);
  look();
  await shade();
  element.dataset.points = answer.count;
  if (!restored) element.dataset.first = performance.now();
  restored = true;
}

const pointOf = (row) => (rows ? points.get(row) ?? -1 : row);

// ---- names ----------------------------------------------------------------------------------------------------------
function forgetNames() {
  names = new Map();
}

const labelled = (row) => (names.has(row) ? explorer.tokenLabel(names.get(row)) || "(empty)" : undefined);

async function fetchNames(wantedRows) {
  const missing = [...new Set(wantedRows)].filter((row) => !names.has(row));
  if (!missing.length) return;
  const into = names;
  for (let from = 0; from < missing.length; from += CHUNK) {
    const part = missing.slice(from, from + CHUNK);
    const answer = await server.labels({ ...vectors(), rows: part });
    if (!answer || answer.error || into !== names) return;
    part.forEach((row, place) => names.set(row, answer.texts[place]));
  }
  map.request(true);
}

// ---- colour ---------------------------------------------------------------------------------------------------------
const hex = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

function rgb(colour) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function look() {
  map.setLook({
    background: rgb(css("--background-fill-primary")), text: css("--body-text-color"),
    quiet: css("--body-text-color-subdued"), accent: css("--accent"),
  });
}

async function shade() {
  const by = explorer.state.map_colour;
  const row = map.picked >= 0 ? rowOf(map.picked) : (drawn.marks[0]?.row ?? 0);
  const answer = await explorer.call(server.colours, { ...vectors(), by, row });
  legend = answer.legend && { ...answer.legend, of: by === "distance" ? row : null };
  if (!answer.shades) map.shades = null;
  else {
    const all = explorer.bytes(answer.shades);
    map.shades = rows ? Uint8Array.from(rows, (one) => all[one]) : all;
  }
  paintLegend();
  element.dataset.colour = by;
}

function paintLegend() {
  const dark = explorer.dark();
  const lut = explorer.scale.sequential.lut;
  const place = find(".map-legend");
  if (legend?.kinds) {
    const palette = legend.kinds.map((kind) => hex(dark ? kind.dark : kind.light));
    map.setShades(map.shades, palette);
    place.replaceChildren(...legend.kinds.filter((kind) => kind.count).map((kind) => {
      const entry = document.createElement("span");
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.background = dark ? kind.dark : kind.light;
      entry.append(swatch, `${kind.name} (${kind.count.toLocaleString("en")})`);
      return entry;
    }));
  } else if (legend) {
    // The end of the scale that would drown in the page is left out, in the dots and in the legend alike.
    const [first, last] = dark ? [60, 255] : [0, 220];
    const steps = Array.from({ length: 256 }, (_, at) => Math.round(first + ((last - first) * at) / 255));
    map.setShades(map.shades, steps.map((at) => [...lut.subarray(3 * at, 3 * at + 3)]));
    const ramp = document.createElement("span");
    ramp.className = "ramp";
    ramp.style.background = `linear-gradient(to right, ${steps.filter((_, at) => at % 15 === 0).map((at) => explorer.scale.sequential.css[at]).join(",")})`;
    const of = legend.of === null ? "" : ` “${labelled(legend.of) ?? `#${legend.of}`}”`;
    place.replaceChildren(`${legend.name}${of}: ${legend.low}`, ramp, String(legend.high));
  } else {
    map.setShades(null, [rgb(css("--accent"))]);
    place.replaceChildren();
  }
}

// ---- one token ------------------------------------------------------------------------------------------------------
async function choose(row, fly = false) {
  const index = pointOf(row);
  if (index >= 0) {
    map.setPicked(index);
    if (fly) map.flyTo(index);
  }
  const answer = await explorer.call(server.near, { ...vectors(), row, count: 10 });
  names.set(row, answer.text);
  for (const one of answer.neighbours) names.set(one.row, one.text);
  const ends = answer.neighbours.map((one) => pointOf(one.row)).filter((end) => end >= 0);
  if (index >= 0) map.setPicked(index, ends.map((end) => [index, end]));
  showChosen(answer, index);
  if (explorer.state.map_colour === "distance") await shade();
  element.dataset.chosen = row;
}

function unchoose() {
  map.setPicked(-1);
  find(".map-chosen").hidden = true;
  delete element.dataset.chosen;
}

function showChosen(answer, index) {
  const section = find(".map-chosen");
  const facts = document.createElement("span");
  facts.className = "note";
  facts.textContent = [
    ` row ${answer.row}`, answer.kind, `length ${answer.norm}`, index < 0 ? "not in the sample drawn" : null,
  ].filter(Boolean).join(" · ");
  section.querySelector(".map-head").replaceChildren(explorer.tokenLabel(answer.text), facts);
  section.querySelector("tbody").replaceChildren(...answer.neighbours.map((one) => {
    const line = document.createElement("tr");
    const cells = [tokenButton(one.row, one.text), one.cosine?.toFixed(3) ?? "", one.distance?.toFixed(3) ?? ""];
    line.append(...cells.map((content) => {
      const cell = document.createElement("td");
      cell.append(content);
      return cell;
    }));
    return line;
  }));
  section.hidden = false;
}

function tokenButton(row, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-token";
  button.dataset.row = row;
  button.dir = "auto";
  button.textContent = explorer.tokenLabel(text) || "(empty)";
  return button;
}

// ---- many tokens ----------------------------------------------------------------------------------------------------
function showMarks(marks) {
  const placed = marks.filter((mark) => pointOf(mark.row) >= 0);
  const absent = marks.filter((mark) => pointOf(mark.row) < 0);
  for (const mark of marks) names.set(mark.row, mark.name);
  map.setMarks(placed.map((mark) => ({ index: pointOf(mark.row), name: explorer.tokenLabel(mark.name) })));
  const section = find(".map-marks");
  section.hidden = !marks.length;
  const left = absent.length ? ` (${absent.length} of ${marks.length} not in the sample drawn)` : "";
  section.querySelector(".map-head").textContent = `Tokens of the text${left}`;
  section.querySelector(".map-list").replaceChildren(...marks.map((mark) => tokenButton(mark.row, mark.name)));
}

async function listGroup(indexes, where) {
  map.setGroup(indexes.length <= 500 ? indexes : []);
  const section = find(".map-group");
  const shown = indexes.slice(0, 500);
  await fetchNames(shown.map(rowOf));
  const more = indexes.length > shown.length ? `, the first ${shown.length} listed` : "";
  section.querySelector(".map-head").textContent = `${indexes.length.toLocaleString("en")} ${where}${more}`;
  section.querySelector(".map-list").replaceChildren(...shown.map((index) => tokenButton(rowOf(index), names.get(rowOf(index)) ?? "")));
  section.hidden = false;
  element.dataset.group = indexes.length;
}

async function search(query) {
  const section = find(".map-matches");
  section.hidden = !query;
  if (!query) return;
  const answer = await explorer.call(server.search, { ...vectors(), query });
  for (const match of answer.matches) names.set(match.row, match.text);
  const more = answer.count > answer.matches.length ? `, the first ${answer.matches.length} listed` : "";
  section.querySelector(".map-head").textContent = `${answer.count.toLocaleString("en")} ${answer.count === 1 ? "match" : "matches"}${more}`;
  section.querySelector(".map-list").replaceChildren(...answer.matches.map((match) => tokenButton(match.row, match.text)));
  element.dataset.matches = answer.count;
}

function showScree({ explained, axes }) {
  const section = find(".map-scree");
  const most = Math.max(...explained, 1e-9);
  section.hidden = explained.length < 2;
  const part = axes.length ? axes.map((axis) => `${axis + 1}: ${((explained[axis] ?? 0) * 100).toFixed(1)} %`).join(", ") : "used for neighbours";
  section.querySelector(".map-head").textContent = `Variance of components (${part})`;
  section.querySelector(".map-bars").replaceChildren(...explained.map((share, axis) => {
    const bar = document.createElement("span");
    bar.style.height = `${Math.max((share / most) * 100, 1)}%`;
    bar.title = `component ${axis + 1}: ${(share * 100).toFixed(2)} %`;
    if (axes.includes(axis)) bar.dataset.drawn = "";
    return bar;
  }));
}

// ---- saving ---------------------------------------------------------------------------------------------------------
const DOWNLOADS = {
  png: () => map.png(),
  svg: () => new Blob([map.svg(drawn.title)], { type: "image/svg+xml" }),
  csv: async () => new Blob(["\ufeff", (await explorer.call(server.listing, wanted())).text], { type: "text/csv" }),
  html: async () => {
    await fetchNames(Array.from({ length: drawn.count }, (_, index) => rowOf(index)));
    const named = Array.from({ length: drawn.count }, (_, index) => labelled(rowOf(index)) ?? "");
    return new Blob([documentOf(map, drawn, named)], { type: "text/html" });
  },
};

async function save(kind) {
  if (!drawn) return;
  explorer.status(element, "preparing the file");
  const blob = await DOWNLOADS[kind]();
  explorer.status(element, null);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `embeddings.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// ---- hands ----------------------------------------------------------------------------------------------------------
const ACTIONS = {
  closer: () => map.zoomBy(1.5),
  away: () => map.zoomBy(1 / 1.5),
  reset: () => map.reset(),
  visible: () => listGroup(map.visible(), "in view"),
  stop,
};

function useTool(tool) {
  map.tool = tool;
  host.dataset.tool = tool;
  for (const button of element.querySelectorAll("[data-tool].action")) button.setAttribute("aria-pressed", button.dataset.tool === tool);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !element.contains(button)) return;
  if (button.dataset.tool) useTool(button.dataset.tool);
  else if (button.dataset.do) ACTIONS[button.dataset.do]();
  else if (button.dataset.save) save(button.dataset.save);
  else if (button.dataset.row) choose(Number(button.dataset.row), true);
});

let typing = 0;
find(".map-search input").addEventListener("input", (event) => {
  clearTimeout(typing);
  typing = setTimeout(() => search(event.target.value).catch(() => {}), 150);
});
find(".map-search").addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(typing);
  await search(find(".map-search input").value);
  find(".map-matches .map-token")?.click();
});
new MutationObserver(() => {
  if (!drawn) return;
  look();
  paintLegend();
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });

explorer.subscribe(element, update, KEYS);
