// Completions side by side, tokens coloured by probability, the first place where they part marked.
const grid = element.querySelector(".columns-grid");
const state = element.querySelector(".stream-state");
const write = element.querySelector("[data-do=write]");
const stop = element.querySelector("[data-do=stop]");
const REASONS = { "end": "ended by the model", "stop text": "stop text reached", "length": "length reached", "context": "context full" };
const percent = (value) => `${(100 * value).toPrecision(value < 0.1 ? 2 : 3)} %`;
let run = 0;

function part(tag, kind, text) {
  const node = document.createElement(tag);
  node.className = kind;
  node.textContent = text;
  node.dir = "auto";
  return node;
}

function stepNode(token, differs) {
  const name = token.special ? token.text : explorer.tokenLabel(token.text);
  const node = part("span", "step", name);
  node.title = `probability ${percent(token.probability)}, rank ${token.rank}`;
  node.toggleAttribute("data-break", token.text.includes("\n"));
  if (differs) {
    node.dataset.differs = "";
    node.setAttribute("aria-label", `${name}: the first difference`);
  }
  explorer.shade(node, 1 + Math.max(-3, Math.log10(token.probability || 1e-9)) / 3);
  return node;
}

function firstDifference(columns) {
  if (!props.marked || columns.some((column) => !column.steps.length)) return -1;
  const [left, right] = columns.map((column) => column.steps);
  return left.findIndex((token, index) => right[index] && right[index].text !== token.text);
}

function columnNode(column, differs) {
  const node = document.createElement("section");
  node.className = "side-column";
  const steps = document.createElement("div");
  steps.className = "stream-text column-text";
  steps.append(...column.steps.map((token, index) => stepNode(token, index === differs)));
  node.append(part("h3", "tree-title", column.title));
  if (column.shown) node.append(part("pre", "column-prompt", column.shown));
  node.append(steps, part("p", "note", REASONS[column.finished] ?? ""));
  return node;
}

function draw(columns) {
  const differs = firstDifference(columns);
  grid.replaceChildren(...columns.map((column) => columnNode(column, differs)));
  element.dataset.differs = differs;
  return differs;
}

function end(text) {
  run = 0;
  stop.disabled = true;
  state.textContent = text;
  element.dataset.state = "done";
}

function receive() {
  const value = props.value;
  if (!value || value.ask || value.run !== run) return;
  if (value.state === "failed") { end(""); explorer.fail(element, value.error); return; }
  const differs = draw(value.columns);
  const told = differs < 0 ? "The same so far." : `They part at token ${differs + 1}.`;
  if (value.state === "done") end(props.marked ? told.replace("so far", "from start to end") : "Done.");
  else state.textContent = props.marked ? `Writing… ${told}` : "Writing…";
}

write.addEventListener("click", () => {
  run = Date.now();
  stop.disabled = false;
  state.textContent = "Starting…";
  element.dataset.state = "working";
  explorer.status(element, null);
  props.value = { ask: { run } };
  trigger("write");
});
stop.addEventListener("click", () => { trigger("halt"); end("Stopped."); });
window.addEventListener("explorer-broken", (event) => {
  if (event.detail !== "write" || !run) return;
  end("");
  explorer.fail(element, "The work broke off on the server. Try again.");
});
watch("value", receive);
explorer.subscribe(element, (_, changed) => {
  if (!changed.includes("subject")) return;
  if (run) trigger("halt");
  grid.replaceChildren();
  end("");
}, ["subject"]);
