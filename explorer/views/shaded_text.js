// The text shaded by attention: one token is chosen, the others show how much it looks at them, or they at it.
const state = explorer.state;
const summary = element.querySelector(".shade-summary");
const radios = [...element.querySelectorAll(".shade-direction input")];
const rows = Object.fromEntries([...element.querySelectorAll(".shade-row")].map((row) => [row.dataset.side, row]));
const strip = (side) => rows[side].querySelector(".shade-text");
const group = `direction-${Math.random().toString(36).slice(2)}`;
radios.forEach((radio) => { radio.name = group; });
let built = "";
let answer = null;

const asked = () => Object.fromEntries(Object.entries(props.asked).map(([name, key]) => [name, state[key]]));
const direction = () => state[props.directionKey] ?? "from";
const stacks = () => {
  const from = state.kind === "cross" || state.kind === "decoder" ? "target" : "source";
  const to = state.kind === "decoder" ? "target" : "source";
  return direction() === "to" ? { chosen: to, other: from } : { chosen: from, other: to };
};
const tokensOf = (stack) => (stack === "target" ? state.subject.target_tokens : state.subject.tokens);
const HEADINGS = { source: "Source", target: "Target" };

// ---- tokens ---------------------------------------------------------------------------------------------------------
function cell(token, position, tokens, role) {
  const node = document.createElement("span");
  node.className = "shade-cell";
  node.setAttribute("role", role);
  node.dataset.position = position;
  if (token.special) node.dataset.special = "";
  if (token.text.includes("\n")) node.dataset.break = "";
  const repeated = position > 0 && tokens[position - 1].group === token.group;
  node.textContent = repeated ? "·" : token.special || token.text === "" ? token.piece : token.text.replace(/\n/g, "↵");
  if (role === "option") node.tabIndex = -1;
  return node;
}

function build() {
  const { chosen, other } = stacks();
  const same = chosen === other;
  const name = [state.subject.run, chosen, other].join("/");
  if (name === built) return;
  built = name;
  for (const [side, stack, role] of [["chosen", chosen, "option"], ["other", other, "listitem"]]) {
    rows[side].hidden = side === "other" && same;
    rows[side].querySelector(".shade-name").textContent = same ? "" : `${HEADINGS[stack]}${side === "chosen" ? ": choose a token" : ", shaded"}`;
    const tokens = side === "other" && same ? [] : tokensOf(stack);
    strip(side).replaceChildren(...tokens.map((token, position) => cell(token, position, tokens, role)));
  }
}

const position = () => {
  const { chosen } = stacks();
  const count = tokensOf(chosen).length;
  return state.token?.stack === chosen && state.token.position < count ? state.token.position : count - 1;
};

// ---- shading --------------------------------------------------------------------------------------------------------
function spread(weights, groups, count) {
  if (!groups) return weights;
  const perToken = new Float32Array(count);
  for (let unit = 0; unit + 1 < groups.length; unit += 1) perToken.fill(weights[unit], groups[unit], groups[unit + 1]);
  return perToken;
}

function colour(share) {
  const index = Math.round(Math.sqrt(share) * 255);
  const [red, green, blue] = explorer.scale.sequential.lut.subarray(index * 3, index * 3 + 3);
  const light = (0.299 * red + 0.587 * green + 0.114 * blue) > 125;
  return { background: `rgb(${red},${green},${blue})`, color: light ? "#111" : "#fff" };
}

function shade() {
  const { chosen, other } = stacks();
  const same = chosen === other;
  const side = same ? "chosen" : "other";
  const weights = spread(new Float32Array(explorer.bytes(answer.weights).buffer), answer.groups, tokensOf(other).length);
  const peak = weights.reduce((most, weight) => (weight > most ? weight : most), 0) || 1;
  for (const node of strip(side).children) {
    const weight = weights[node.dataset.position];
    Object.assign(node.style, weight > 0 ? colour(weight / peak) : { background: "", color: "" });
    node.title = Number.isNaN(weight) ? "left out" : valueText(weight);
    node.toggleAttribute("data-later", !(weight > 0));
  }
  mark();
  tell(weights, tokensOf(other));
  Object.assign(element.dataset, { drawn: String(Number(element.dataset.drawn ?? 0) + 1), position: String(position()), peak: String(peak) });
}

function mark() {
  const [first, last] = answer.chosen;
  for (const node of element.querySelectorAll(".shade-cell")) {
    const inside = node.parentNode === strip("chosen") && node.dataset.position >= first && node.dataset.position < last;
    node.toggleAttribute("data-marked", inside);
    if (node.getAttribute("role") !== "option") continue;
    const current = Number(node.dataset.position) === position();
    node.setAttribute("aria-selected", String(current));
    node.tabIndex = current ? 0 : -1;
    if (current && strip("chosen").contains(document.activeElement)) node.focus();
  }
}

const valueText = (weight) => (answer.unit === "share" ? `${(weight * 100).toFixed(1)} %` : weight.toFixed(3));

function tell(weights, tokens) {
  const units = answer.groups ? answer.groups.slice(0, -1) : [...tokens.keys()];
  const end = (unit) => (answer.groups ? answer.groups[answer.groups.indexOf(unit) + 1] : unit + 1);
  const best = units.filter((unit) => weights[unit] > 0).sort((one, two) => weights[two] - weights[one]).slice(0, 5);
  const named = best.map((unit) => `“${tokens.slice(unit, end(unit)).map(explorer.tokenName).join("")}” (${unit}) ${valueText(weights[unit])}`);
  const self = explorer.tokenName(tokensOf(stacks().chosen)[position()]);
  const verb = direction() === "to" ? `“${self}” (${position()}) is looked at by` : `“${self}” (${position()}) looks at`;
  summary.textContent = `${verb} ${named.join(", ") || "nothing that is shown"}.`;
}

// ---- asking ---------------------------------------------------------------------------------------------------------
async function update(_, changed) {
  if (!state.subject) return;
  radios.forEach((radio) => { radio.checked = radio.value === direction(); });
  build();
  const subject = state.subject;
  const question = { ...explorer.question(), ...asked(), position: position(), direction: direction() };
  const found = await explorer.call(server.shading, question);
  if (subject !== state.subject || question.kind !== state.kind || question.direction !== direction()) return;
  answer = found;
  shade();
}

// ---- hands ----------------------------------------------------------------------------------------------------------
const shape = () => state.subject.attention_kinds.find((entry) => entry.kind === state.kind);
const within = (value, count) => Math.max(0, Math.min(count - 1, value));
const choose = (place) => explorer.set({ token: { stack: stacks().chosen, position: within(place, tokensOf(stacks().chosen).length) } });

function step(key) {
  const { layers, heads } = shape();
  if (key === "ArrowLeft" || key === "ArrowRight") choose(position() + (key === "ArrowRight" ? 1 : -1));
  else if (key === "Home" || key === "End") choose(key === "Home" ? 0 : Infinity);
  else if (key === "ArrowUp" || key === "ArrowDown") explorer.set({ layer: within(state.layer + (key === "ArrowDown" ? 1 : -1), layers) });
  else if (key === "PageUp" || key === "PageDown") explorer.set({ head: within(state.head + (key === "PageDown" ? 1 : -1), heads) });
  else return false;
  return true;
}

element.addEventListener("keydown", (event) => {
  if (event.target.closest(".shade-text") && !event.ctrlKey && !event.altKey && !event.metaKey && state.subject && step(event.key)) event.preventDefault();
});
element.addEventListener("click", (event) => {
  const node = event.target.closest(".shade-cell");
  if (!node) return;
  if (node.parentNode === strip("chosen")) choose(Number(node.dataset.position));
  else explorer.set({ [props.directionKey]: direction() === "to" ? "from" : "to", token: { stack: stacks().other, position: Number(node.dataset.position) } });
});
radios.forEach((radio) => radio.addEventListener("change", () => explorer.set({ [props.directionKey]: radio.value })));

explorer.subscribe(element, update, ["subject", "token", props.directionKey, ...Object.values(props.asked)]);
