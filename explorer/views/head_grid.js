// Every head of the model at a glance: one small canvas each, in place or ordered by a measured score.
const cells = element.querySelector(".grid-cells");
const scoreBox = element.querySelector(".grid-score");
const orderBox = element.querySelector(".grid-order");
const threshold = element.querySelector(".grid-threshold");
const meaning = element.querySelector(".grid-meaning");
const note = element.querySelector(".grid-note");
const state = explorer.state;
const CHUNK_CELLS = 160; // heads asked for at once: a small model whole, a large one a few layers at a time,
const LONG_TEXT = 256; // and of a long text one layer at a time, because each takes a moment
let grid = null; // {layers, heads, scores: [layer] → {score: [head]}}
let ticket = 0;

const shape = () => state.subject.attention_kinds.find((entry) => entry.kind === state.kind);
const cellOf = (layer, head) => cells.querySelector(`[data-layer="${layer}"][data-head="${head}"]`);
const chosen = () => state[props.chosenKey] ?? [];
const isChosen = (layer, head) => chosen().some((pair) => pair[0] === layer && pair[1] === head);
const measure = () => props.scores.find((score) => score.key === state[props.scoreKey]) ?? null;
const valueOf = (layer, head) => (measure() ? (grid?.scores[layer]?.[measure().key]?.[head] ?? null) : null);
const numberText = (value, unit) => (value === null ? "not measured" : unit === "share" ? value.toFixed(2) : `${value.toFixed(1)} ${unit}`);

// ---- painting -------------------------------------------------------------------------------------------------------
function paint(canvas, bytes, { rows, columns, causal }, offset) {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  const { lut } = explorer.scale.sequential;
  for (let pixel = 0; pixel < rows * columns; pixel += 1) {
    const shade = bytes[offset + pixel] * 3;
    image.data[pixel * 4] = lut[shade];
    image.data[pixel * 4 + 1] = lut[shade + 1];
    image.data[pixel * 4 + 2] = lut[shade + 2];
    const later = causal && bytes[offset + pixel] === 0 && pixel % columns > Math.floor(pixel / columns);
    image.data[pixel * 4 + 3] = later ? 0 : 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function build({ layers, heads }) {
  const part = [];
  for (let layer = 0; layer < layers; layer += 1) {
    for (let head = 0; head < heads; head += 1) {
      const cell = document.createElement("div");
      cell.className = "grid-cell";
      cell.setAttribute("role", "option");
      Object.assign(cell.dataset, { layer, head });
      const caption = document.createElement("span");
      caption.className = "grid-caption";
      caption.setAttribute("aria-hidden", "true");
      cell.append(document.createElement("canvas"), caption);
      part.push(cell);
    }
  }
  cells.replaceChildren(...part);
}

const label = (text, column) => {
  const place = document.createElement("span");
  place.className = "grid-label";
  place.setAttribute("aria-hidden", "true");
  place.textContent = text;
  if (column) place.style.gridColumn = column;
  return place;
};

// In place: a row of heads per layer, with numbers along the edges. By score: a flow of captioned cells.
function arrange() {
  if (!grid) return;
  const { layers, heads } = grid;
  const all = [...cells.querySelectorAll(".grid-cell")];
  const key = (cell) => [Number(cell.dataset.layer), Number(cell.dataset.head)];
  const place = (cell) => key(cell)[0] * heads + key(cell)[1];
  const ranked = measure() && state[props.orderKey] !== "place";
  const sign = state[props.orderKey] === "least" ? 1 : -1;
  const value = new Map(all.map((cell) => [cell, valueOf(...key(cell))]));
  const rank = (cell) => value.get(cell) ?? sign * Infinity;
  all.sort((one, two) => (ranked ? sign * (rank(one) - rank(two)) || 0 : 0) || place(one) - place(two));
  const least = measure() ? Number(threshold.value) : -Infinity;
  for (const cell of all) {
    cell.hidden = value.get(cell) !== null && value.get(cell) < least;
    caption(cell, ranked);
  }
  cells.replaceChildren(...(ranked ? all : withLabels(all, layers, heads)));
  cells.style.setProperty("--heads", String(ranked ? 12 : heads));
  cells.style.gridTemplateColumns = ranked ? "repeat(auto-fill, minmax(64px, 1fr))" : `2.2em repeat(${heads}, minmax(${heads > 16 ? 14 : 22}px, 1fr))`;
  rove();
}

function withLabels(all, layers, heads) {
  const top = [label("", "1"), ...Array.from({ length: heads }, (_, head) => label(String(head), String(head + 2)))];
  const rows = Array.from({ length: layers }, (_, layer) => {
    const members = all.slice(layer * heads, (layer + 1) * heads);
    members.forEach((cell, head) => { cell.style.gridColumn = String(head + 2); });
    return members.every((cell) => cell.hidden) ? members : [label(String(layer), "1"), ...members];
  });
  return [...top, ...rows.flat()];
}

function caption(cell, ranked) {
  const [layer, head] = [Number(cell.dataset.layer), Number(cell.dataset.head)];
  if (ranked) cell.style.gridColumn = "";
  const score = measure();
  const value = score ? numberText(valueOf(layer, head), score.unit) : "";
  cell.querySelector(".grid-caption").textContent = ranked ? `${layer}·${head} ${value}` : "";
  const every = props.scores.map((one) => [one, grid.scores[layer]?.[one.key]?.[head] ?? null]).filter(([, found]) => found !== null);
  cell.title = [`layer ${layer}, head ${head}`, ...every.map(([one, found]) => `${one.title}: ${numberText(found, one.unit)}`)].join("\n");
  const spoken = [`layer ${layer}, head ${head}`, ...(score ? [`${score.title} ${value}`] : []), ...(isChosen(layer, head) ? ["chosen"] : [])];
  cell.setAttribute("aria-label", spoken.join(", "));
}

function rove() {
  for (const cell of cells.querySelectorAll(".grid-cell")) {
    const [layer, head] = [Number(cell.dataset.layer), Number(cell.dataset.head)];
    const current = layer === state.layer && head === state.head;
    cell.setAttribute("aria-selected", String(current));
    cell.dataset.chosen = String(isChosen(layer, head));
    cell.tabIndex = current ? 0 : -1;
  }
  const current = cellOf(state.layer, state.head);
  if (!current || current.hidden) {
    const first = cells.querySelector(".grid-cell:not([hidden])");
    if (first) first.tabIndex = 0;
  }
}

// ---- measures -------------------------------------------------------------------------------------------------------
function measures() {
  const offered = props.scores.filter((score) => state.kind !== "cross" || score.across);
  const options = [{ key: "", title: "nothing" }, ...offered];
  scoreBox.replaceChildren(...options.map(({ key, title }) => new Option(title, key)));
  scoreBox.value = measure() && offered.includes(measure()) ? measure().key : "";
  orderBox.value = state[props.orderKey] ?? "place";
}

function limits() {
  const score = measure();
  const known = grid && score ? grid.scores.flatMap((layer) => layer?.[score.key] ?? []).filter((value) => value !== null) : [];
  element.querySelector(".grid-least").hidden = !known.length;
  const top = known.length ? Math.max(...known) : 1;
  threshold.max = String(top);
  threshold.step = String(top / 200);
  threshold.value = "0";
  showThreshold();
  orderBox.disabled = !score;
  meaning.textContent = score ? `${score.definition} (${score.source})` : "Bright = much attention, each cell scaled to its own largest weight. Choose a measure to sort the heads by.";
}

function showThreshold() {
  element.querySelector(".grid-threshold-value").textContent = measure() ? numberText(Number(threshold.value), measure().unit) : "";
}

async function induction() {
  if (grid.scores.every((layer) => layer && "induction" in layer)) return;
  explorer.status(element, "Measuring induction on a repeated random sequence…");
  const answer = await explorer.call(server.induction, { ...explorer.question(), kind: state.kind });
  explorer.status(element, null);
  answer.scores.forEach((values, layer) => { if (grid.scores[layer]) grid.scores[layer].induction = values; });
}

async function score() {
  if (!grid) return;
  const wanted = measure()?.key;
  if (wanted === "induction") await induction();
  if (wanted !== measure()?.key) return;
  limits();
  arrange();
  element.dataset.score = measure()?.key ?? "";
  element.dataset.order = state[props.orderKey] ?? "place";
}

// ---- asking ---------------------------------------------------------------------------------------------------------
async function load() {
  const mine = (ticket += 1);
  const started = performance.now();
  const { layers, heads } = shape();
  grid = { layers, heads, scores: Array.from({ length: layers }, () => null) };
  let bytes = 0;
  element.dataset.painted = "";
  if (cells.querySelectorAll(".grid-cell").length !== layers * heads) build(grid);
  measures();
  arrange();
  const long = state.subject.tokens.length > LONG_TEXT;
  const step = long ? 1 : Math.max(1, Math.floor(CHUNK_CELLS / heads));
  for (let first = 0; first < layers; first += step) {
    if (layers > step) explorer.status(element, `Layer ${first} of ${layers}…`);
    const question = { ...explorer.question(), kind: state.kind, left_out: state[props.leftOutKey], first, last: Math.min(layers, first + step) };
    const answer = await explorer.call(server.overview, question);
    if (mine !== ticket) return;
    bytes += JSON.stringify(answer).length;
    take(answer);
  }
  explorer.status(element, null);
  await score();
  Object.assign(element.dataset, { painted: String(layers * heads), bytes: String(bytes), milliseconds: String(Math.round(performance.now() - started)) });
}

function take(answer) {
  const bytes = explorer.bytes(answer.cells);
  const { rows, columns, heads, first } = answer;
  answer.scores.forEach((scores, place) => {
    grid.scores[first + place] = scores;
    for (let head = 0; head < heads; head += 1) {
      const cell = cellOf(first + place, head);
      paint(cell.querySelector("canvas"), bytes, answer, (place * heads + head) * rows * columns);
      caption(cell, false);
    }
  });
  note.textContent = answer.sampled ? `Long text: cells and scores are measured on ${answer.sampled} of ${answer.queries} rows, in runs spread evenly.` : "";
}

function update(_, changed) {
  if (!state.subject) return undefined;
  const again = !grid || !changed.length || ["subject", "kind", props.leftOutKey].some((key) => changed.includes(key));
  if (again) return load();
  if (changed.includes(props.scoreKey) || changed.includes(props.orderKey)) {
    measures();
    return score();
  }
  if (changed.includes(props.chosenKey)) {
    for (const cell of cells.querySelectorAll(".grid-cell")) caption(cell, measure() && state[props.orderKey] !== "place");
  }
  return rove();
}

// ---- hands ----------------------------------------------------------------------------------------------------------
function pick(cell, { add }) {
  const pair = [Number(cell.dataset.layer), Number(cell.dataset.head)];
  if (!add) return explorer.set({ layer: pair[0], head: pair[1] });
  const rest = chosen().filter((one) => one[0] !== pair[0] || one[1] !== pair[1]);
  return explorer.set({ [props.chosenKey]: rest.length < chosen().length ? rest : [...rest, pair] });
}

cells.addEventListener("click", (event) => {
  const cell = event.target.closest(".grid-cell");
  if (cell) pick(cell, { add: event.ctrlKey || event.metaKey || event.shiftKey });
});

cells.addEventListener("keydown", (event) => {
  const here = event.target.closest(".grid-cell");
  if (!here) return;
  const open = [...cells.querySelectorAll(".grid-cell:not([hidden])")];
  const perRow = open.filter((cell) => cell.offsetTop === open[0].offsetTop).length;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow, Home: -open.length, End: open.length };
  if (event.key in steps) {
    const next = open[Math.max(0, Math.min(open.length - 1, open.indexOf(here) + steps[event.key]))];
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === "Enter") pick(here, { add: false });
  else if (event.key === " ") pick(here, { add: true });
  else return;
  event.preventDefault();
});

element.querySelector(".grid-choosing").addEventListener("click", (event) => {
  const how = event.target.closest("button")?.dataset.choose;
  if (!how || !grid) return;
  const pairs = { none: [], layer: Array.from({ length: grid.heads }, (_, head) => [state.layer, head]) };
  pairs.shown = [...cells.querySelectorAll(".grid-cell:not([hidden])")].map((cell) => [Number(cell.dataset.layer), Number(cell.dataset.head)]);
  explorer.set({ [props.chosenKey]: pairs[how] });
});
scoreBox.addEventListener("change", () => explorer.set({ [props.scoreKey]: scoreBox.value }));
orderBox.addEventListener("change", () => explorer.set({ [props.orderKey]: orderBox.value }));
threshold.addEventListener("input", () => { showThreshold(); arrange(); });

explorer.subscribe(element, update, ["subject", "kind", "layer", "head", props.chosenKey, props.scoreKey, props.orderKey, props.leftOutKey]);
