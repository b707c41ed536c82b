// How well the model expected the text: tokens coloured by surprise, totals, the largest surprises.
const find = (name) => element.querySelector(name);
const strip = find(".surprise-text");
const detail = find(".surprise-detail");
const work = find("[data-do=work]");
const stop = find("[data-do=stop]");
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const percent = (value) => `${(100 * value).toPrecision(value < 0.1 ? 2 : 3)} %`;
const MOST_BITS = 16;
let reading = null;
let run = 0;
let chosen = null;

const MEASURES = {
  surprise: { of: (place) => 1 - Math.min(1, reading.surprise[place] / MOST_BITS), low: `${MOST_BITS} bits or more`, high: "0 bits: expected" },
  probability: { of: (place) => 1 + Math.max(-3, Math.log10(2 ** -reading.surprise[place])) / 3, low: "0.1 % or less", high: "100 %" },
  rank: { of: (place) => 1 - Math.min(1, Math.log10(reading.rank[place]) / 3), low: "rank 1,000 or worse", high: "rank 1" },
};
const measure = () => MEASURES[explorer.state.surprise_by] ?? MEASURES.surprise;
const tokens = () => { const { subject } = explorer.state; return subject.target_tokens.length ? subject.target_tokens : subject.tokens; };

function ask() {
  run = Date.now();
  props.value = { ask: { run } };
  element.dataset.state = "working";
  explorer.status(element, "Reading…");
  trigger("work");
}

function receive() {
  const value = props.value;
  if (!value || value.ask || value.run !== run) return;
  if (value.state === "working") explorer.status(element, `Hiding one token after another: ${value.done} of ${value.of} done…`);
  else finish(value);
}

function finish(value) {
  explorer.status(element, null);
  stop.hidden = true;
  element.dataset.state = value.state;
  if (value.state === "failed") { explorer.fail(element, value.error); return; }
  reading = value;
  work.hidden = true;
  draw();
}

function totals() {
  const name = reading.pseudo ? "Pseudo-perplexity" : "Perplexity";
  return `${name} ${whole.format(reading.perplexity)}: on average as unsure as between ${whole.format(reading.perplexity)} equally likely tokens. `
    + `${whole.format(reading.bits)} bits for ${whole.format(reading.bytes)} bytes, ${reading.bits_per_byte.toFixed(2)} bits per byte.`;
}

function note() {
  if (reading.pseudo) return "Pseudo-likelihood (Salazar et al. 2020): each token was hidden and guessed from all the others. It is no probability of the text.";
  const first = tokens()[0];
  return `The first token, ${explorer.tokenName(first)}, is not judged: nothing stands before it to expect it from.`;
}

function tokenNode(token, position, place) {
  const node = document.createElement("span");
  node.className = "step";
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", "false");
  node.dir = "auto";
  node.textContent = explorer.tokenName(token);
  node.dataset.position = position;
  node.tabIndex = position === 0 ? 0 : -1;
  node.toggleAttribute("data-break", token.text.endsWith("\n"));
  if (place === undefined) node.dataset.unjudged = "";
  else explorer.shade(node, measure().of(place));
  return node;
}

function draw() {
  if (!reading) return;
  const placeOf = new Map(reading.positions.map((position, place) => [position, place]));
  find(".surprise-line").textContent = totals();
  find(".surprise-note").textContent = note();
  strip.replaceChildren(...tokens().map((token, position) => tokenNode(token, position, placeOf.get(position))));
  find(".stream-legend").hidden = false;
  find(".legend-low").textContent = measure().low;
  find(".legend-high").textContent = measure().high;
  find(".legend-bar").style.background = `linear-gradient(90deg, ${explorer.scale.sequential.css.filter((_, index) => index % 15 === 0).join(",")})`;
  find(".surprise-top").hidden = false;
  find(".top-list").replaceChildren(...reading.top.map((place) => topNode(place)));
  element.dataset.drawn = Number(element.dataset.drawn ?? 0) + 1;
}

function facts(place) {
  return `${reading.surprise[place].toFixed(2)} bits, probability ${percent(2 ** -reading.surprise[place])}, rank ${whole.format(reading.rank[place])}; `
    + `the model was ${reading.entropy[place].toFixed(2)} bits unsure`;
}

function topNode(place) {
  const position = reading.positions[place];
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "branch";
  button.dir = "auto";
  button.textContent = `${explorer.tokenName(tokens()[position])} ${reading.surprise[place].toFixed(1)} bits`;
  button.addEventListener("click", () => { choose(position); strip.children[position].focus(); });
  item.append(button);
  return item;
}

async function choose(position) {
  chosen = position;
  strip.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  strip.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
  const node = strip.children[position];
  node.setAttribute("aria-selected", "true");
  node.tabIndex = 0;
  const place = reading.positions.indexOf(position);
  detail.hidden = false;
  const name = explorer.tokenName(tokens()[position]);
  detail.textContent = place < 0 ? `${name} is not judged.` : `${name}: ${facts(place)}.`;
  if (place < 0 || reading.pseudo) return;
  const answer = await explorer.call(server.expected_here, { ...explorer.question(), position });
  if (answer.position !== chosen) return;
  const list = answer.rows.map((row) => `${row.special ? row.text : explorer.tokenLabel(row.text)} ${percent(row.probability)}`);
  detail.textContent = `${name}: ${facts(place)}. Expected: ${list.join(", ")}.`;
}

strip.addEventListener("click", (event) => { const node = event.target.closest(".step"); if (node) choose(Number(node.dataset.position)); });
strip.addEventListener("keydown", (event) => {
  const node = event.target.closest(".step");
  const at = Number(node?.dataset.position);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: strip.children.length - 1, Enter: at, " ": at }[event.key];
  if (!strip.children[to]) return;
  event.preventDefault();
  choose(to);
  strip.children[to].focus();
});
work.addEventListener("click", () => { stop.hidden = false; work.hidden = true; ask(); });
stop.addEventListener("click", () => { trigger("halt"); run = 0; stop.hidden = true; work.hidden = false; explorer.status(element, "Stopped."); });

function begin(subject) {
  reading = null;
  run = 0;
  detail.hidden = true;
  find(".surprise-top").hidden = find(".stream-legend").hidden = true;
  find(".surprise-line").textContent = find(".surprise-note").textContent = "";
  strip.replaceChildren();
  work.hidden = subject.kind !== "encoder";
  if (subject.kind === "encoder") find(".surprise-note").textContent = "A masked model has no next-token probability; hiding each token in turn runs the model once per token.";
  else ask();
}

window.addEventListener("explorer-broken", (event) => {
  if (event.detail !== "work" || !run) return;
  run = 0;
  explorer.fail(element, "The work broke off on the server. Try again.");
});
watch("value", receive);
explorer.subscribe(element, (state, changed) => {
  if (!state.subject) return;
  if (changed.includes("subject") || !element.dataset.state) begin(state.subject);
  else draw();
}, ["subject", "surprise_by"]);
