// One pattern as a heatmap: exact where it fits, in windows that sharpen on zoom where it does not.
const Plotly = explorer.Plotly;
const stage = element.querySelector(".heatmap-stage");
const plot = element.querySelector(".heatmap-plot");
const readout = element.querySelector(".heatmap-readout");
const note = element.querySelector(".heatmap-note");
const FLOOR = 1e-4; // the smallest share the logarithmic scale tells apart
const LINE_PIXELS = 14;
const MARGIN = { l: 96, t: 8, r: 8, b: 72 };
const MARK = "#e8590c"; // stands out from every shade of the scale
const CURSOR = "#ff2bd6";
const state = explorer.state;
let shown = null; // the answer on screen, with its values unpacked
let whole = null; // the answer for everything, for the colour scale
let cursor = null; // {row, column} of the drawn cells, moved by arrow keys
let drawing = Promise.resolve();

// ---- what is asked, and what the axes stand for ---------------------------------------------------------------------
const asked = () => Object.fromEntries(Object.entries(props.asked).map(([name, key]) => [name, state[key]]));
const stacks = (kind) => ({
  row: kind === "cross" || kind === "decoder" ? "target" : "source",
  column: kind === "decoder" ? "target" : "source",
});
const tokensOf = (stack) => (stack === "target" ? state.subject.target_tokens : state.subject.tokens);

function nameOf(axis, tokens, first, last) {
  const positions = axis.groups ? [axis.groups[first], axis.groups[last]] : [first, last];
  const names = tokens.slice(...positions);
  const joined = names.map((token, place) => (place && token.group === names[place - 1].group ? "" : explorer.tokenName(token)));
  return joined.join("");
}

const shortened = (text, limit = 14) => ([...text].length > limit ? [...text].slice(0, limit - 1).join("") + "…" : text);
// Plotly reads a few tags and entities in its labels; a token is shown as it is.
const literal = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function unpacked(answer) {
  const values = new Float32Array(explorer.bytes(answer.values).buffer);
  const width = answer.columns.drawn;
  const grid = Array.from({ length: answer.rows.drawn }, (_, row) => values.subarray(row * width, (row + 1) * width));
  return { ...answer, grid, kind: state.kind, stacks: stacks(state.kind) };
}

// ---- drawing --------------------------------------------------------------------------------------------------------
const isLog = () => state[props.scaleKey] === "log";

function places(axis) {
  const edges = Array.from({ length: axis.drawn }, (_, cell) => axis.first + cell * axis.step - 0.5);
  return [...edges, axis.last - 0.5];
}

function trace() {
  const log = isLog();
  const peak = Math.max((whole ?? shown).peak, shown.peak, FLOOR * 10);
  const grid = log ? shown.grid.map((row) => row.map((value) => Math.log10(Math.max(value, FLOOR)))) : shown.grid;
  const decades = [-4, -3, -2, -1, 0, 1, 2].filter((power) => power <= Math.log10(peak));
  const ticks = log ? { tickvals: decades, ticktext: decades.map((power) => (power === -4 ? "≤ 0.0001" : String(10 ** power))) } : {};
  return {
    type: "heatmap", z: grid, x: places(shown.columns), y: places(shown.rows), hoverinfo: "none", hoverongaps: false,
    zmin: log ? Math.log10(FLOOR) : 0, zmax: log ? Math.log10(peak) : peak,
    colorscale: explorer.scale.sequential.plotly.filter((_, index) => index % 17 === 0),
    colorbar: { thickness: 10, outlinewidth: 0, len: 0.9, tickfont: { size: 11 }, ...ticks },
  };
}

function axisLayout(axis, stack, pixels, range, flipped) {
  const full = [-0.5, axis.count - 0.5];
  const [low, high] = range ?? full;
  const visible = [Math.max(0, Math.ceil(low)), Math.min(axis.count - 1, Math.floor(high))];
  const stride = Math.max(1, Math.ceil((visible[1] - visible[0] + 1) / Math.max(4, Math.floor(pixels / LINE_PIXELS))));
  const at = [];
  for (let unit = Math.ceil(visible[0] / stride) * stride; unit <= visible[1]; unit += stride) at.push(unit);
  const tokens = tokensOf(stack);
  return {
    tickvals: at, ticktext: at.map((unit) => literal(shortened(nameOf(axis, tokens, unit, unit + 1)))),
    tickfont: { size: 11 }, showgrid: false, zeroline: false, ticks: "", fixedrange: false,
    range: flipped ? [high, low] : [low, high], autorange: false,
  };
}

function marks() {
  const token = state.token;
  if (!token || !shown) return [];
  const line = { color: MARK, width: 2 };
  const unit = (axis) => (axis.groups ? axis.groups.findLastIndex((edge) => edge <= token.position) : token.position);
  const found = [];
  if (token.stack === shown.stacks.row) {
    const row = unit(shown.rows);
    found.push({ type: "rect", xref: "paper", x0: 0, x1: 1, y0: row - 0.5, y1: row + 0.5, line });
  }
  if (token.stack === shown.stacks.column) {
    const column = unit(shown.columns);
    found.push({ type: "rect", yref: "paper", y0: 0, y1: 1, x0: column - 0.5, x1: column + 0.5, line: { ...line, dash: "dot" } });
  }
  return found;
}

// A line where the model's own words begin, if the text on screen was continued here.
function seam() {
  const written = state[props.writtenKey];
  const stack = shown.stacks.row;
  if (!written || written.text !== (stack === "target" ? state.subject.target : state.subject.text)) return [];
  const first = tokensOf(stack).findIndex((token) => token.end > written.from && !token.special);
  if (first < 0) return [];
  const unit = shown.rows.groups ? shown.rows.groups.findLastIndex((edge) => edge <= first) : first;
  const line = { color: getComputedStyle(document.body).getPropertyValue("--body-text-color").trim(), width: 1, dash: "dash" };
  return [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: unit - 0.5, y1: unit - 0.5, line }];
}

function cursorMark() {
  if (!cursor || document.activeElement !== stage) return [];
  const x = shown.columns.first + cursor.column * shown.columns.step - 0.5;
  const y = shown.rows.first + cursor.row * shown.rows.step - 0.5;
  return [{ type: "rect", x0: x, x1: x + shown.columns.step, y0: y, y1: y + shown.rows.step, line: { color: CURSOR, width: 3 } }];
}

const ranges = () => {
  const layout = plot._fullLayout;
  return layout?.xaxis && plot.dataset.view === viewName() ? { x: [...layout.xaxis.range], y: [...layout.yaxis.range].reverse() } : {};
};
// Zoom is kept as long as the axes mean the same: same text, same kind, same units.
const viewName = () => [state.subject.run, shown.kind, shown.rows.count, shown.columns.count].join("/");

function layout() {
  const width = plot.clientWidth || 480;
  const inner = Math.max(120, width - MARGIN.l - MARGIN.r - 60);
  const ratio = Math.min(1.1, Math.max(0.35, shown.rows.count / shown.columns.count));
  const height = Math.round(Math.min(inner * ratio, 720) + MARGIN.t + MARGIN.b);
  const style = getComputedStyle(document.body);
  const kept = ranges();
  return {
    width, height, margin: MARGIN, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: "zoom",
    font: { family: style.getPropertyValue("--font").trim(), color: style.getPropertyValue("--body-text-color").trim() },
    xaxis: { ...axisLayout(shown.columns, shown.stacks.column, inner, kept.x, false), tickangle: -60 },
    yaxis: axisLayout(shown.rows, shown.stacks.row, height - MARGIN.t - MARGIN.b, kept.y, true),
    shapes: [...seam(), ...marks(), ...cursorMark()],
  };
}

const CONFIG = { displaylogo: false, displayModeBar: false, responsive: false, doubleClick: false };

function draw() {
  drawing = drawing.then(async () => {
    if (!shown) return;
    const drawn = layout();
    plot.dataset.view = viewName();
    await Plotly.react(plot, [trace()], drawn, CONFIG);
    listen();
    describe();
    element.dataset.drawn = String(Number(element.dataset.drawn ?? 0) + 1);
  });
  return drawing;
}

const NOTHING_DRAWN = "Nothing to draw: everything is left out.";

function describe() {
  const title = element.querySelector(".heatmap-title");
  title.textContent = shown.name[0].toUpperCase() + shown.name.slice(1);
  Object.assign(element.dataset, { name: shown.name, exact: String(shown.exact), peak: String(shown.peak) });
  const parts = ["Row = the token that looks, column = the token it looks at."];
  if (state[props.asked.reading] in props.meanings) parts.push(props.meanings[state[props.asked.reading]]);
  if (shown.causal) parts.push("Later tokens are left blank: this model cannot see them.");
  if (!shown.exact) parts.push(`Each cell is the largest of ${shown.rows.step} × ${shown.columns.step}; zoom in for exact weights.`);
  if (state[props.asked.left_out] !== "nothing") {
    parts.push(state[props.asked.reading] === "values" ? "Some keys are left out." : "Some keys are left out and each row is divided by what remains.");
  }
  if (shown.peak === 0) parts.push(NOTHING_DRAWN);
  note.textContent = parts.join(" ");
}

// ---- reading one cell -----------------------------------------------------------------------------------------------
function valueText(value) {
  if (Number.isNaN(value)) return "left out";
  return value !== 0 && Math.abs(value) < 0.0001 ? value.toExponential(2) : value.toFixed(4);
}

function read(row, column) {
  const { rows, columns } = shown;
  const end = (axis, cell) => Math.min(axis.last, axis.first + (cell + 1) * axis.step);
  const name = (axis, stack, cell) => {
    const first = axis.first + cell * axis.step;
    const last = end(axis, cell);
    const label = shortened(nameOf(axis, tokensOf(stack), first, last), 40);
    return last - first > 1 ? `${label} (${first}–${last - 1})` : `${label} (${first})`;
  };
  const bold = document.createElement("b");
  bold.textContent = valueText(shown.grid[row][column]);
  readout.replaceChildren(`${name(rows, shown.stacks.row, row)} → ${name(columns, shown.stacks.column, column)}: `, bold);
}

function cellAt(x, y) {
  const cell = (axis, place) => Math.floor((Math.round(place) - axis.first) / axis.step);
  return { row: cell(shown.rows, y), column: cell(shown.columns, x) };
}

const inside = ({ row, column }) => row >= 0 && row < shown.rows.drawn && column >= 0 && column < shown.columns.drawn;

function select(row) {
  const unit = shown.rows.first + row * shown.rows.step;
  explorer.set({ token: { stack: shown.stacks.row, position: shown.rows.groups ? shown.rows.groups[unit] : unit } });
}

function unitsUnder(event) {
  const box = plot.querySelector(".nsewdrag")?.getBoundingClientRect();
  if (!box || !shown) return null;
  const { xaxis, yaxis } = plot._fullLayout;
  return cellAt(xaxis.p2c(event.clientX - box.left), yaxis.p2c(event.clientY - box.top));
}

function listen() {
  if (plot.dataset.listening) return;
  plot.dataset.listening = "yes";
  plot.addEventListener("mousemove", (event) => {
    const cell = unitsUnder(event);
    if (cell && inside(cell)) read(cell.row, cell.column);
  });
  plot.on("plotly_click", (event) => {
    const cell = cellAt(event.points[0].x, event.points[0].y);
    if (inside(cell)) select(cell.row);
  });
  plot.on("plotly_doubleclick", () => zoom(null));
  plot.on("plotly_relayout", (change) => {
    if (Object.keys(change).some((key) => key.startsWith("xaxis.range") || key.startsWith("yaxis.range"))) sharpen();
  });
}

async function zoom(range) {
  const axis = (count) => range ?? [-0.5, count - 0.5];
  const y = axis(shown.rows.count);
  await Plotly.relayout(plot, { "xaxis.range": axis(shown.columns.count), "yaxis.range": [y[1], y[0]] });
}

// ---- asking ---------------------------------------------------------------------------------------------------------
function windowOf() {
  const { x, y } = ranges();
  if (!x || !whole || whole.exact) return {};
  const within = ([low, high], count) => [Math.max(0, Math.floor(low + 0.5)), Math.min(count, Math.ceil(high + 0.5))];
  const rows = within(y, whole.rows.count);
  const columns = within(x, whole.columns.count);
  const everything = rows[1] - rows[0] >= whole.rows.count && columns[1] - columns[0] >= whole.columns.count;
  return everything || rows[1] <= rows[0] || columns[1] <= columns[0] ? {} : { rows, columns };
}

async function sharpen() {
  const part = windowOf();
  if (whole && !whole.exact) await fetchPicture(part);
  else await draw();
}

// What is on screen, for those who save it.
explorer.picture = () => {
  if (!shown) return null;
  const about = { ...shown.question, name: shown.name, unit: shown.unit, exact: shown.exact };
  return { about, question: shown.question, trace: trace(), layout: layout(), literal };
};

async function fetchPicture(part) {
  const question = { ...explorer.question(), ...asked(), ...part };
  const subject = state.subject;
  const started = performance.now();
  const answer = await explorer.call(server.heatmap, question);
  if (subject !== state.subject || question.kind !== state.kind) return;
  shown = { ...unpacked(answer), question };
  if (!part.rows) whole = shown;
  element.dataset.bytes = String(answer.values.length);
  await draw();
  element.dataset.milliseconds = String(Math.round(performance.now() - started));
}

async function update(_, changed) {
  if (!state.subject) return;
  const onlyMarks = shown && changed.length && changed.every((key) => key === "token");
  if (onlyMarks) return drawing.then(() => Plotly.relayout(plot, { shapes: [...seam(), ...marks()] })).then(() => { element.dataset.token = JSON.stringify(state.token); });
  if (shown && changed.length && changed.every((key) => key === props.scaleKey || key === "token")) return draw();
  const sameAxes = shown && !changed.includes("subject") && !changed.includes("kind") && !changed.includes(props.asked.by_words);
  if (!sameAxes) { whole = null; cursor = null; readout.textContent = ""; }
  explorer.status(element, "Computing…");
  await fetchPicture(sameAxes ? windowOf() : {});
  explorer.status(element, null);
}

// ---- keyboard -------------------------------------------------------------------------------------------------------
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
stage.addEventListener("keydown", (event) => {
  if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && cursor) select(cursor.row);
  else if (event.key === "Escape") zoom(null);
  else if (event.key in MOVES) {
    const [down, right] = MOVES[event.key];
    const clamp = (value, count) => Math.max(0, Math.min(count - 1, value));
    cursor = cursor ? { row: clamp(cursor.row + down, shown.rows.drawn), column: clamp(cursor.column + right, shown.columns.drawn) } : { row: 0, column: 0 };
    read(cursor.row, cursor.column);
    drawing = drawing.then(() => Plotly.relayout(plot, { shapes: [...seam(), ...marks(), ...cursorMark()] }));
  } else return;
  event.preventDefault();
});
stage.addEventListener("blur", () => shown && drawing.then(() => Plotly.relayout(plot, { shapes: [...seam(), ...marks()] })));

const keys = ["subject", "token", props.scaleKey, ...Object.values(props.asked)];
explorer.subscribe(element, update, keys);
let width = 0;
new ResizeObserver(() => {
  if (!plot.offsetParent || plot.clientWidth === width) return;
  width = plot.clientWidth;
  if (shown) draw();
}).observe(stage);
new MutationObserver(() => shown && draw()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
