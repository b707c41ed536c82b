// Cross attention as lines from target to source; the chosen target word alone when there is one.
const part = element.querySelector(".align-part");
const lines = element.querySelector(".align-lines");
const readout = element.querySelector(".align-readout");
const sides = Object.fromEntries([...element.querySelectorAll(".align-side")].map((side) => [side.dataset.side, side]));
const ROW = 24;
const FAINTEST = 0.03; // lines below this share are not drawn: thousands of them say nothing
const state = explorer.state;
let shown = null;

const asked = () => Object.fromEntries(Object.entries(props.asked).map(([name, key]) => [name, state[key]]));

function names(axis, tokens) {
  const edges = axis.groups ?? [...tokens.keys(), tokens.length];
  return Array.from({ length: axis.count }, (_, unit) => tokens.slice(edges[unit], edges[unit + 1])
    .map((token, place, all) => (place && token.group === all[place - 1].group ? "" : explorer.tokenName(token))).join(""));
}

function words(side, texts, role) {
  side.replaceChildren(...texts.map((text, unit) => {
    const word = document.createElement("div");
    word.className = "align-word";
    word.setAttribute("role", role);
    word.dataset.unit = unit;
    word.textContent = text;
    word.dir = "auto";
    if (role === "option") word.tabIndex = unit ? -1 : 0;
    return word;
  }));
}

function chosenUnit() {
  if (state.token?.stack !== "target") return null;
  const { groups } = shown.rows;
  return groups ? groups.findLastIndex((edge) => edge <= state.token.position) : state.token.position;
}

function draw() {
  const chosen = chosenUnit();
  const width = lines.clientWidth || 200;
  lines.setAttribute("height", String(Math.max(shown.rows.count, shown.columns.count) * ROW));
  const drawn = [];
  shown.grid.forEach((row, target) => row.forEach((weight, source) => {
    if (!(weight >= FAINTEST) || (chosen !== null && chosen !== target)) return;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const ends = { x1: 2, y1: (target + 0.5) * ROW, x2: width - 2, y2: (source + 0.5) * ROW };
    for (const [name, value] of Object.entries(ends)) line.setAttribute(name, String(value));
    line.setAttribute("stroke-width", String(1 + 4 * Math.min(1, weight / (shown.peak || 1))));
    line.setAttribute("stroke-opacity", String(Math.max(0.15, Math.min(1, weight / (shown.peak || 1)))));
    drawn.push(line);
  }));
  lines.replaceChildren(...drawn);
  for (const word of sides.target.children) {
    const current = Number(word.dataset.unit) === chosen;
    word.setAttribute("aria-selected", String(current));
    word.tabIndex = current || (chosen === null && word === sides.target.firstChild) ? 0 : -1;
    if (current && sides.target.contains(document.activeElement)) word.focus();
  }
  tell(chosen);
  element.dataset.lines = String(drawn.length);
}

function tell(chosen) {
  if (chosen === null) {
    readout.textContent = "Choose a target word to see its lines alone.";
    return;
  }
  const row = shown.grid[chosen];
  const best = [...row.keys()].filter((unit) => row[unit] > 0).sort((one, two) => row[two] - row[one]).slice(0, 5);
  const share = (weight) => (shown.unit === "share" ? `${(weight * 100).toFixed(1)} %` : weight.toFixed(3));
  readout.textContent = `“${shown.targets[chosen]}” → ${best.map((unit) => `“${shown.sources[unit]}” ${share(row[unit])}`).join(", ")}`;
}

async function update(_, changed) {
  const offered = state.subject && state.kind === "cross";
  part.hidden = !offered;
  if (!offered) return;
  if (shown && changed.length && changed.every((key) => key === "token")) return draw();
  const subject = state.subject;
  const answer = await explorer.call(server.heatmap, { ...explorer.question(), ...asked() });
  if (subject !== state.subject || state.kind !== "cross") return;
  if (!answer.exact) {
    part.hidden = true;
    return;
  }
  const values = new Float32Array(explorer.bytes(answer.values).buffer);
  const width = answer.columns.count;
  shown = {
    ...answer, targets: names(answer.rows, subject.target_tokens), sources: names(answer.columns, subject.tokens),
    grid: Array.from({ length: answer.rows.count }, (_row, row) => values.subarray(row * width, (row + 1) * width)),
  };
  words(sides.target, shown.targets, "option");
  words(sides.source, shown.sources, "listitem");
  draw();
}

function choose(unit) {
  const within = Math.max(0, Math.min(shown.rows.count - 1, unit));
  explorer.set({ token: { stack: "target", position: shown.rows.groups ? shown.rows.groups[within] : within } });
}

sides.target.addEventListener("click", (event) => {
  const word = event.target.closest(".align-word");
  if (word) choose(Number(word.dataset.unit));
});
sides.target.addEventListener("keydown", (event) => {
  const word = event.target.closest(".align-word");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!word || !(step || event.key === "Enter" || event.key === " ")) return;
  choose(Number(word.dataset.unit) + (step ?? 0));
  event.preventDefault();
});
new ResizeObserver(() => shown && !part.hidden && draw()).observe(part);
explorer.subscribe(element, update, ["subject", "token", ...Object.values(props.asked)]);
