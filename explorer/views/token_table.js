// Every token as a row; ids or everything can be copied. A click on a row selects the token, also inside a shared character.
const CHUNK = 300;
const fold = element.querySelector(".table-fold");
const body = element.querySelector("tbody");
let drawing = 0;

const stacks = (subject) => [["source", subject.tokens], ["target", subject.target_tokens]];

function rowNode(stack, token, position) {
  const row = document.createElement("tr");
  const span = token.end > token.start ? `${token.start}–${token.end}` : "";
  const place = stack === "target" ? `target ${position}` : position;
  const values = [place, explorer.tokenName(token), token.id, token.piece, token.bytes, span, token.special ? "yes" : ""];
  row.append(...values.map((value, column) => {
    const cell = document.createElement("td");
    if (column === 0) cell.append(pickButton(stack, value, position));
    else cell.textContent = value;
    cell.dir = "auto";
    return cell;
  }));
  row.dataset.key = `${stack}:${position}`;
  return row;
}

function pickButton(stack, label, position) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-label", `Select token ${label}`);
  button.addEventListener("click", () => explorer.set({ token: { stack, position } }));
  return button;
}

function fill(rows, from, ticket) {
  if (ticket !== drawing) return;
  body.append(...rows.slice(from, from + CHUNK).map((row) => rowNode(...row)));
  if (from + CHUNK < rows.length) requestAnimationFrame(() => fill(rows, from + CHUNK, ticket));
  else { mark(); element.dataset.drawn = explorer.state.subject.run; }
}

function draw() {
  const { subject } = explorer.state;
  if (!subject || !fold.open) return;
  body.replaceChildren();
  const rows = stacks(subject).flatMap(([stack, tokens]) => tokens.map((token, position) => [stack, token, position]));
  fill(rows, 0, ++drawing);
}

function mark() {
  const { token } = explorer.state;
  body.querySelector("[aria-current]")?.removeAttribute("aria-current");
  if (token) body.querySelector(`[data-key="${token.stack}:${token.position}"]`)?.setAttribute("aria-current", "true");
}

function copyText(what) {
  const { subject } = explorer.state;
  const [source, target] = stacks(subject).map(([, tokens]) => (what === "ids" ? tokens.map((token) => token.id) : tokens));
  if (what === "ids") return JSON.stringify(target.length ? { source, target } : source);
  const { model, text } = subject;
  return JSON.stringify({ model, text, tokens: source, ...(target.length && { target: subject.target, target_tokens: target }) }, null, 1);
}

for (const button of element.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    if (!explorer.state.subject) return;
    const copied = await explorer.copy(copyText(button.dataset.copy));
    explorer.status(element, copied ? "Copied." : "The browser did not allow copying.");
  });
}
fold.addEventListener("toggle", draw);
explorer.subscribe(element, (state, changed) => (changed.includes("subject") || !element.dataset.drawn ? draw() : mark()), ["subject", "token"]);
