// A completion as it is written: each token coloured by its odds, its alternatives a click away. The tree of branches is
// kept here, in `explorer.branches`; the server forgets.
const find = (name) => element.querySelector(name);
const strip = find(".stream-tokens");
const detail = find(".stream-detail");
const buttons = Object.fromEntries([...element.querySelectorAll("[data-do]")].map((node) => [node.dataset.do, node]));
const percent = (value) => `${(100 * value).toPrecision(value < 0.1 ? 2 : 3)} %`;
const name = (token) => (token.special ? token.text : explorer.tokenLabel(token.text));
let run = 0;
let running = false;
let parent = null;
let shown = [];
let pinned = null;

// ---- the tree -------------------------------------------------------------------------------------------------------
function plant(subject) {
  explorer.branches = { question: { model: subject.model, text: subject.text, target: subject.target }, root: { token: null, parent: null, children: [] } };
  explorer.branches.tip = explorer.branches.root;
  parent = explorer.branches.root;
}

function grow(node, token) {
  const known = node.children.find((child) => child.token.id === token.id);
  if (known) { known.token = token; return known; }
  const child = { token, parent: node, children: [] };
  node.children.push(child);
  return child;
}

function path(node) {
  const found = [];
  for (let at = node; at.parent; at = at.parent) found.unshift(at);
  return found;
}

const announce = () => explorer.set({ branches_version: (explorer.state.branches_version ?? 0) + 1 });

// ---- asking ---------------------------------------------------------------------------------------------------------
function write(node) {
  if (!explorer.state.subject) return;
  if (!explorer.branches) plant(explorer.state.subject);
  run = Date.now();
  parent = node ?? explorer.branches.root;
  explorer.branches.tip = parent;
  unpin();
  begin("Starting…");
  props.value = { ask: { run, chosen: path(parent).map((step) => step.token.id) } };
  trigger("write");
  draw();
}

function begin(text) {
  running = true;
  buttons.stop.disabled = false;
  find(".stream-state").textContent = text;
  element.dataset.state = "writing";
}

function end(text) {
  running = false;
  buttons.stop.disabled = true;
  buttons.copy.disabled = shown.length === 0;
  find(".stream-state").textContent = text;
  element.dataset.state = "done";
  announce();
}

function stop() {
  trigger("halt");
  run = 0;
  end("Stopped.");
}

const REASONS = {
  "end": "The model ended the text.", "stop text": "The stop text appeared.",
  "length": "The asked length is reached.", "context": "The model's context is full.",
};

function receive() {
  const value = props.value;
  if (!value || value.ask || value.run !== run || !running) return;
  let node = parent;
  for (const token of value.steps) node = grow(node, token);
  explorer.branches.tip = node;
  draw();
  if (value.state === "failed") { end(""); explorer.fail(element, value.error); }
  else if (value.state === "done") end(REASONS[value.finished] ?? "");
  else if (value.state === "waiting") begin(value.before ? `Waiting for a place: ${value.before} before you.` : "You are next.");
  else begin("Writing…");
}

// ---- colours --------------------------------------------------------------------------------------------------------
const MEASURES = {
  probability: { of: (token) => 1 + Math.max(-3, Math.log10(token.probability || 1e-9)) / 3, low: "0.1 % or less", high: "100 %" },
  rank: { of: (token) => 1 - Math.min(1, Math.log10(token.rank) / 3), low: "rank 1,000 or worse", high: "rank 1" },
  entropy: { of: (token) => 1 - Math.min(1, token.entropy / 12), low: "12 bits: unsure", high: "0 bits: sure" },
};
const measure = () => MEASURES[explorer.state.colour_by] ?? MEASURES.probability;

function legend() {
  find(".stream-legend").hidden = shown.length === 0;
  find(".legend-low").textContent = measure().low;
  find(".legend-high").textContent = measure().high;
  find(".legend-bar").style.background = `linear-gradient(90deg, ${explorer.scale.sequential.css.filter((_, index) => index % 15 === 0).join(",")})`;
}

// ---- drawing --------------------------------------------------------------------------------------------------------
function tokenNode() {
  const node = document.createElement("span");
  node.className = "step";
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", "false");
  node.dir = "auto";
  return node;
}

function draw() {
  shown = explorer.branches ? path(explorer.branches.tip) : [];
  while (strip.children.length < shown.length) strip.append(tokenNode());
  while (strip.children.length > shown.length) strip.lastChild.remove();
  shown.forEach(({ token }, index) => {
    const node = strip.children[index];
    node.textContent = name(token);
    node.dataset.index = index;
    node.tabIndex = index === (pinned ?? 0) ? 0 : -1;
    node.toggleAttribute("data-break", token.text.includes("\n"));
    node.setAttribute("aria-label", `${name(token)}, ${percent(token.probability)}, rank ${token.rank}`);
    explorer.shade(node, measure().of(token));
  });
  buttons.copy.disabled = shown.length === 0;
  legend();
  tell(pinned);
  element.dataset.tokens = shown.length;
  element.dataset.drawn = Number(element.dataset.drawn ?? 0) + 1;
}

function tell(index) {
  const step = shown[index];
  detail.hidden = !step;
  if (!step) return;
  const { token } = step;
  const changed = token.final === token.probability ? "" : ` (${percent(token.final)} after the rules)`;
  find(".detail-line").textContent = `${name(token)}: probability ${percent(token.probability)}${changed}, rank ${token.rank}; `
    + `uncertainty here ${token.entropy.toFixed(2)} bits. Continue with another:`;
  find(".detail-list").replaceChildren(...token.alternatives.map((other) => alternative(step, other)));
}

function alternative(step, other) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip";
  button.textContent = `${name(other)} ${percent(other.probability)}`;
  button.setAttribute("aria-current", other.id === step.token.id);
  button.toggleAttribute("data-cut", other.cut_by !== "");
  button.title = other.cut_by ? `cut by ${other.cut_by}` : "";
  button.addEventListener("click", () => branch(step, other));
  item.append(button);
  return item;
}

function branch(step, other) {
  const { entropy, final_entropy, alternatives } = step.token;
  const token = {
    id: other.id, text: other.text, special: other.special, probability: other.probability, final: other.final,
    rank: other.rank, entropy, final_entropy, alternatives,
  };
  write(grow(step.parent, token));
}

// ---- pointing -------------------------------------------------------------------------------------------------------
function unpin() {
  pinned = null;
  strip.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  tell(null);
}

function pin(index) {
  unpin();
  pinned = index;
  strip.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
  const node = strip.children[index];
  node.setAttribute("aria-selected", "true");
  node.tabIndex = 0;
  tell(index);
}

const indexOf = (event) => Number(event.target.closest?.(".step")?.dataset.index ?? -1);
strip.addEventListener("click", (event) => {
  const index = indexOf(event);
  if (index >= 0) { if (index === pinned && event.detail > 0) unpin(); else pin(index); }
});
strip.addEventListener("pointerover", (event) => { if (pinned === null && indexOf(event) >= 0) tell(indexOf(event)); });
strip.addEventListener("keydown", (event) => {
  const index = indexOf(event);
  const to = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: shown.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") pin(index);
  else if (to === undefined || !shown[to]) return;
  else { pin(to); strip.children[to].focus(); }
  event.preventDefault();
});
buttons.write.addEventListener("click", () => write(null));
buttons.stop.addEventListener("click", stop);
buttons.copy.addEventListener("click", () => navigator.clipboard?.writeText(shown.map(({ token }) => (token.special ? "" : token.text)).join("")));

window.addEventListener("explorer-broken", (event) => {
  if (event.detail !== "write" || !running) return;
  end("");
  explorer.fail(element, "The work broke off on the server. Try again.");
});
watch("value", receive);
explorer.subscribe(element, (state, changed) => {
  const subject = state.subject;
  if (!subject) return;
  const written = subject.kind === "encoder-decoder" ? subject.target : subject.text;
  find(".stream-prompt").textContent = written.length > 120 ? `…${written.slice(-120)}` : written;
  if (changed.includes("subject") || !explorer.branches) {
    if (running) stop();
    plant(subject);
    find(".stream-state").textContent = "";
    announce();
  }
  draw();
}, ["subject", "colour_by", "branches_tip"]);
