// The next token's odds: raw and final probability side by side, cut tokens greyed with the rule that cut them.
const find = (name) => element.querySelector(name);
const body = find(".odds tbody");
const canvas = find(".mass-plot");
const settings = { log: false, order: "raw", limit: 25, mask: 0 };
let answer = null;

// ---- numbers --------------------------------------------------------------------------------------------------------
const whole = new Intl.NumberFormat("en");
function percent(value) {
  if (value === 0) return "0 %";
  if (value >= 0.001) return `${(100 * value).toFixed(value >= 0.1 ? 1 : 2)} %`;
  return `${(100 * value).toPrecision(2)} %`;
}
const choices = (bits) => { const count = 2 ** bits; return count < 10 ? count.toFixed(1) : whole.format(Math.round(count)); };
const LOWEST = 6; // decades shown on the log scale
let full = 1; // the probability of a bar that fills its column, the same for raw and final
function share(value) {
  if (!settings.log) return value / full;
  return value > 0 ? Math.max(0, 1 + Math.log10(value) / LOWEST) : 0;
}

// ---- rows -----------------------------------------------------------------------------------------------------------
function rowNode() {
  const node = document.createElement("tr");
  for (const name of ["rank", "token", "bar raw", "number", "bar final", "number", "rule"]) {
    const cell = document.createElement(name === "token" ? "th" : "td");
    if (name === "token") cell.scope = "row";
    cell.className = name;
    if (name.startsWith("bar")) cell.append(document.createElement("span"));
    node.append(cell);
  }
  return node;
}

function fill(node, row) {
  const [rank, token, raw, rawNumber, final, finalNumber, rule] = node.children;
  node.toggleAttribute("data-cut", row.cut_by !== "");
  rank.textContent = row.rank;
  token.textContent = row.special ? row.text : explorer.tokenLabel(row.text);
  token.toggleAttribute("data-special", row.special);
  token.title = `id ${row.id}, logit ${row.logit.toFixed(3)}`;
  raw.firstChild.style.width = `${100 * share(row.probability)}%`;
  rawNumber.textContent = percent(row.probability);
  final.firstChild.style.width = `${100 * share(row.final)}%`;
  finalNumber.textContent = row.cut_by ? "—" : percent(row.final);
  rule.textContent = row.cut_by;
}

function drawRows(rows) {
  full = Math.max(...rows.map((row) => Math.max(row.probability, row.final)), 1e-9);
  find(".odds-scale").textContent = settings.log ? "Bars run from 0.0001 % to 100 %, ten times more each sixth." : `A full bar is ${percent(full)}.`;
  while (body.children.length < rows.length) body.append(rowNode());
  while (body.children.length > rows.length) body.lastChild.remove();
  rows.forEach((row, index) => fill(body.children[index], row));
}

// ---- words ----------------------------------------------------------------------------------------------------------
function sentence() {
  const kept = answer.kept === answer.vocab
    ? `All ${whole.format(answer.vocab)} tokens are in the draw.`
    : `${whole.format(answer.kept)} of ${whole.format(answer.vocab)} tokens are left, which held ${percent(answer.kept_mass)} of the raw probability.`;
  return `Entropy ${answer.entropy.toFixed(2)} bits, as uncertain as ${choices(answer.entropy)} equally likely tokens; `
    + `after the rules ${answer.final_entropy.toFixed(2)} bits, ${choices(answer.final_entropy)} tokens. ${kept}`;
}

function order() {
  if (!answer.rules.length) return "No rule is in force: tokens are drawn with the model's own probabilities.";
  const names = answer.rules.map((rule) => (rule.cut ? `${rule.name} (cuts ${whole.format(rule.cut)})` : rule.name));
  return `Rules, in the order they apply: ${names.join(" → ")}.`;
}

// ---- the mass top-p adds up -----------------------------------------------------------------------------------------
function drawMass() {
  const { ranks, cumulative, top_p: limit, kept } = answer.mass;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (!width) return;
  const style = getComputedStyle(element);
  const density = window.devicePixelRatio || 1;
  canvas.width = width * density;
  canvas.height = height * density;
  const pen = canvas.getContext("2d");
  pen.scale(density, density);
  const left = 38, bottom = 20, top = 8, right = 8;
  const x = (rank) => left + (width - left - right) * (Math.log(rank) / Math.log(ranks.at(-1) || 2));
  const y = (mass) => top + (height - top - bottom) * (1 - mass);
  pen.font = `11px ${style.fontFamily}`;
  pen.fillStyle = style.getPropertyValue("--quiet");
  pen.strokeStyle = style.getPropertyValue("--line");
  for (const mass of [0, 0.5, 1]) {
    pen.fillText(`${100 * mass} %`, 2, y(mass) + 4);
    line(pen, [[left, y(mass)], [width - right, y(mass)]]);
  }
  for (let rank = 1; rank <= ranks.at(-1); rank *= 10) pen.fillText(whole.format(rank), x(rank) - 4, height - 5);
  pen.lineWidth = 2;
  pen.strokeStyle = style.getPropertyValue("--accent");
  line(pen, ranks.map((rank, index) => [x(rank), y(cumulative[index])]));
  if (limit < 1) {
    pen.setLineDash([5, 4]);
    pen.strokeStyle = style.color;
    line(pen, [[left, y(limit)], [width - right, y(limit)]]);
    line(pen, [[x(kept), y(0)], [x(kept), y(1)]]);
    pen.setLineDash([]);
  }
  const cut = limit < 1
    ? `top-p ${limit} keeps the first ${whole.format(kept)} tokens, where the line crosses ${(100 * limit).toFixed(0)} %.`
    : "top-p is off.";
  find(".mass-caption").textContent = `Probability added up token by token, likeliest first (ranks on a log scale): ${cut}`;
  canvas.setAttribute("aria-label", find(".mass-caption").textContent);
}

function line(pen, points) {
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

// ---- masks ----------------------------------------------------------------------------------------------------------
function drawMasks(masks) {
  const group = find(".odds-masks");
  group.hidden = masks.length < 2;
  group.replaceChildren(...masks.map((mask, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "action";
    button.textContent = `mask ${index + 1}: …${mask.before}`;
    button.setAttribute("aria-pressed", index === settings.mask);
    button.addEventListener("click", () => { settings.mask = index; ask(); });
    return button;
  }));
}

// ---- asking ---------------------------------------------------------------------------------------------------------
function sampling() {
  return Object.fromEntries(props.keys.map((key) => [key, explorer.state[key]]));
}

async function ask() {
  if (!explorer.state.subject) return;
  const { log, ...wishes } = settings;
  answer = await explorer.call(server.next_token_odds, { ...explorer.question(), ...wishes, sampling: sampling() });
  draw();
}

function draw() {
  const without = answer.rows.length === 0;
  find(".odds-body").hidden = without;
  find(".odds-empty").hidden = !without;
  if (without) find(".odds-empty").textContent = `Put ${answer.mask_token} into the text where the model is to guess a word, then run.`;
  else {
    drawMasks(answer.masks);
    const place = answer.masks.length ? "at the mask" : "next";
    find(".word-label").textContent = `How likely is this word ${place}?`;
    find(".odds-line").textContent = sentence();
    find(".odds-rules").textContent = order();
    drawRows(answer.rows);
    drawMass();
  }
  element.dataset.drawn = Number(element.dataset.drawn ?? 0) + 1;
}

find(".odds-tools").addEventListener("click", (event) => {
  const tool = event.target.closest("button")?.dataset.tool;
  if (!tool) return;
  if (tool === "log") settings.log = !settings.log;
  if (tool === "order") settings.order = settings.order === "raw" ? "final" : "raw";
  if (tool === "more") settings.limit = Math.min(500, settings.limit * 2);
  find("[data-tool=log]").setAttribute("aria-pressed", settings.log);
  find("[data-tool=order]").setAttribute("aria-pressed", settings.order === "final");
  if (tool === "log") draw();
  else ask();
});

find(".word").addEventListener("submit", async (event) => {
  event.preventDefault();
  const word = find(".word-text").value;
  const told = await explorer.call(server.word_odds, { ...explorer.question(), word, mask: settings.mask, sampling: sampling() });
  const name = (step) => `${step.special ? step.text : explorer.tokenLabel(step.text)} ${percent(step.probability)}`;
  const final = told.final === told.probability ? "" : `; after the rules ${percent(told.final)}`;
  const product = told.steps.length > 1 ? ` = ${percent(told.probability)}` : "";
  find(".word-answer").textContent = `${told.steps.map(name).join(" × ")}${product}${final}`;
});

new ResizeObserver(() => answer?.mass && drawMass()).observe(canvas);
new MutationObserver(() => answer?.mass && drawMass()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
explorer.subscribe(element, (state, changed) => {
  if (changed.includes("subject")) { settings.mask = 0; find(".word-answer").textContent = ""; }
  return ask();
}, ["subject", ...props.keys]);
