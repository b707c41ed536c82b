// Tokens on their way through the layers: a line per token, a colour per sentence, and the cosine of two of them by depth.
const find = (selector) => element.querySelector(selector);
const host = find(".map-host");
const SENTENCE_COLOURS = [
  ["#0072b2", "#5db4ee"], ["#c25100", "#f39b52"], ["#00795a", "#2fd3a2"], ["#a24a80", "#e79ac7"], ["#7d6200", "#e3cf4d"],
  ["#3f6f8f", "#9ccfe8"], ["#8f2d2d", "#f08a8a"], ["#555555", "#bdbdbd"],
];
const KEYS = ["subject", "paths_sentences", "paths_word", "paths_metric", "paths_dimensions", "paths_stack"];
let shown = null;

const map = new PointMap(host, {
  name: (index) => nameOf(index), missing: () => {}, hover: () => {}, lasso: () => {},
  pick: (index) => index >= 0 && compareFrom(Math.floor(index / shown.depths)),
  calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
});
map.canvas.setAttribute("aria-label", "Paths of tokens through the layers. Arrow keys move, plus and minus zoom, 0 shows the whole.");

function nameOf(index) {
  const depth = index % shown.depths;
  const path = shown.paths[Math.floor(index / shown.depths)];
  if (index === map.hovered) return `${explorer.tokenLabel(path.name)} · sentence ${path.text + 1} · depth ${depth}`;
  return depth === shown.depths - 1 ? explorer.tokenLabel(path.name) : "";
}

const question = (state = explorer.state) => ({
  ...explorer.question(state.subject), sentences: state.paths_sentences ?? "", word: state.paths_word ?? "",
  metric: state.paths_metric, dimensions: state.paths_dimensions === "3-D" ? 3 : 2, stack: state.paths_stack,
});

async function update(state) {
  if (!state.subject) return;
  explorer.status(element, "reading the sentences");
  const answer = await explorer.call(server.trajectories, question()).finally(() => explorer.status(element, null));
  shown = answer;
  map.setPoints(new Uint16Array(explorer.bytes(answer.points).buffer), answer.dimensions);
  map.setEnds(answer.depths);
  find(".map-caption").textContent = answer.caption;
  paint();
  offerPairs();
  element.dataset.paths = answer.paths.length;
  await compare();
}

const colourOf = (text) => SENTENCE_COLOURS[text % SENTENCE_COLOURS.length][explorer.dark() ? 1 : 0];
const hex = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function rgb(colour) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function paint() {
  const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const { depths, paths, sentences } = shown;
  map.setLook({
    background: rgb(css("--background-fill-primary")), text: css("--body-text-color"),
    quiet: css("--body-text-color-subdued"), accent: css("--accent"),
  });
  const shades = Uint8Array.from({ length: paths.length * depths }, (_, index) => paths[Math.floor(index / depths)].text);
  map.setShades(shades, sentences.map((_, text) => hex(colourOf(text))));
  map.setPicked(-1, paths.flatMap((path, number) => Array.from({ length: depths - 1 }, (_, depth) => (
    [number * depths + depth, number * depths + depth + 1, colourOf(path.text)]))));
  find(".map-legend").replaceChildren(...sentences.map((sentence, text) => {
    const entry = document.createElement("span");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = colourOf(text);
    entry.append(swatch, `${text + 1}: ${sentence.length > 90 ? `${sentence.slice(0, 89)}…` : sentence}`);
    return entry;
  }));
}

// ---- two tokens -----------------------------------------------------------------------------------------------------
const sides = [find(".pair-left"), find(".pair-right")];

function offerPairs() {
  const kept = sides.map((side) => side.value);
  for (const [place, side] of sides.entries()) {
    side.replaceChildren(...shown.paths.map((path, number) => {
      const option = document.createElement("option");
      option.value = number;
      option.textContent = `${explorer.tokenLabel(path.name)} (sentence ${path.text + 1}, position ${path.position})`;
      return option;
    }));
    const usual = place === 0 ? 0 : Math.min(otherSentence(), shown.paths.length - 1);
    side.value = kept[place] !== "" && Number(kept[place]) < shown.paths.length ? kept[place] : String(usual);
  }
}

// The same word in another sentence is the comparison one comes for.
function otherSentence() {
  const [first] = shown.paths;
  const same = shown.paths.findIndex((path) => path.text !== first.text && path.name.trim() === first.name.trim());
  return same >= 0 ? same : 1;
}

function compareFrom(number) {
  [sides[0].value, sides[1].value] = [String(number), sides[0].value];
  return compare();
}

async function compare() {
  const [left, right] = sides.map((side) => shown.paths[Number(side.value)]);
  if (!left || !right) return;
  const place = (path) => [path.text, path.position];
  const answer = await explorer.call(server.likeness, { ...question(), left: place(left), right: place(right) });
  await drawFigure("paths-figure", { figure: answer.figure, name: "cosine-by-depth" });
  element.dataset.compared = answer.values.length;
}

for (const side of sides) side.addEventListener("change", () => compare());

// ---- hands ----------------------------------------------------------------------------------------------------------
const ACTIONS = { closer: () => map.zoomBy(1.5), away: () => map.zoomBy(1 / 1.5), reset: () => map.reset() };
const PICTURES = { png: () => map.png(), svg: () => new Blob([map.svg("Tokens through the layers")], { type: "image/svg+xml" }) };

element.addEventListener("click", async (event) => {
  const { do: action, save } = event.target.closest("button")?.dataset ?? {};
  if (action) ACTIONS[action]();
  if (!save || !shown) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await PICTURES[save]());
  link.download = `trajectories.${save}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
new MutationObserver(() => shown && paint()).observe(document.body, { attributes: true, attributeFilter: ["class"] });

explorer.subscribe(element, update, KEYS);
