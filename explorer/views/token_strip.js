// The text as the model reads it: one cell per character group, coloured in turn; focus, hover or click tells more.
const RTL = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const CHUNK = 1500;
const LONG = 24; // characters; a longer token may be broken over lines
const detail = element.querySelector(".strip-detail");
const stacks = Object.fromEntries([...element.querySelectorAll(".strip-stack")].map((node) => [
  node.dataset.stack, { node, strip: node.querySelector(".strip"), tokens: [], cells: [], cellOf: [], nodes: [] },
]));
let drawing = 0;

// ---- cells ----------------------------------------------------------------------------------------------------------
function grouped(tokens) {
  const cells = [];
  tokens.forEach((token, position) => {
    const last = cells.at(-1);
    if (last && tokens[last.first].group === token.group) last.count += 1;
    else cells.push({ first: position, count: 1 });
  });
  return cells;
}

function cellNode(stack, cell, index) {
  const token = stack.tokens[cell.first];
  const node = document.createElement("span");
  node.className = "cell";
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", "false");
  node.tabIndex = index === 0 ? 0 : -1;
  node.dataset.index = index;
  node.dataset.tone = index % 2;
  if (token.special) node.dataset.special = "";
  if (cell.count > 1) node.dataset.count = cell.count;
  if (token.piece.length > LONG) node.dataset.long = "";
  node.textContent = explorer.tokenName(token);
  return node;
}

// A line may end after a token, and does where the text's own line ends.
function withBreak(stack, node, index) {
  const ends = stack.tokens[stack.cells[index].first].text.endsWith("\n");
  const after = document.createElement(ends ? "br" : "wbr");
  after.setAttribute("role", "presentation");
  return [node, after];
}

function fill(stack, from, ticket, done) {
  if (ticket !== drawing) return;
  const part = stack.cells.slice(from, from + CHUNK).map((cell, offset) => cellNode(stack, cell, from + offset));
  stack.nodes.push(...part);
  stack.strip.append(...part.flatMap((node, offset) => withBreak(stack, node, from + offset)));
  if (from + CHUNK < stack.cells.length) requestAnimationFrame(() => fill(stack, from + CHUNK, ticket, done));
  else done();
}

function load(stack, tokens, text, ticket, done) {
  stack.tokens = tokens;
  stack.cells = grouped(tokens);
  stack.cellOf = stack.cells.flatMap((cell, index) => Array(cell.count).fill(index));
  stack.nodes = [];
  stack.strip.replaceChildren();
  stack.strip.dir = RTL.test(text) ? "rtl" : "ltr";
  fill(stack, 0, ticket, done);
}

// ---- details --------------------------------------------------------------------------------------------------------
const FACTS = [
  ["position", (token, position) => position],
  ["id", (token) => token.id],
  ["piece", (token) => token.piece],
  ["bytes", (token) => token.bytes || "none"],
  ["characters", (token) => (token.end > token.start ? `${token.start} to ${token.end}` : "none")],
];

function factNode(name, value) {
  const fact = document.createElement("span");
  const label = document.createElement("b");
  const shown = document.createElement("code");
  label.textContent = name;
  shown.textContent = value;
  shown.dir = "auto";
  fact.append(label, shown);
  return fact;
}

function rowNode(token, position) {
  const row = document.createElement("p");
  row.append(...FACTS.map(([name, read]) => factNode(name, read(token, position))));
  if (token.special) row.append(factNode("special", "yes"));
  return row;
}

function tell(stack, index) {
  const cell = stack?.cells[index];
  if (!cell) {
    const hint = document.createElement("p");
    hint.className = "note";
    hint.textContent = "Point at a token, or move with the arrow keys, to see its number and what it spells.";
    detail.replaceChildren(hint);
    return;
  }
  const rows = stack.tokens.slice(cell.first, cell.first + cell.count).map((token, offset) => rowNode(token, cell.first + offset));
  if (cell.count > 1) {
    const why = document.createElement("p");
    why.textContent = `${explorer.tokenName(stack.tokens[cell.first])} takes ${cell.count} tokens: the model spells it in parts.`;
    rows.unshift(why);
  }
  detail.replaceChildren(...rows);
}

function selectedCell() {
  const token = explorer.state.token;
  const stack = token && stacks[token.stack];
  return stack ? [stack, stack.cellOf[token.position]] : [null, null];
}

// ---- selection ------------------------------------------------------------------------------------------------------
function mark() {
  const [chosenStack, chosen] = selectedCell();
  for (const stack of Object.values(stacks)) {
    stack.strip.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    if (stack !== chosenStack) continue;
    const node = stack.nodes[chosen];
    if (!node) continue;
    node.setAttribute("aria-selected", "true");
    rove(stack, node);
  }
  tell(chosenStack, chosen);
}

function rove(stack, node) {
  for (const other of stack.strip.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
  node.tabIndex = 0;
}

function choose(stack, index) {
  const cell = stack.cells[index];
  if (cell) explorer.set({ token: { stack: stack.node.dataset.stack, position: cell.first } });
}

function destination(stack, index, key) {
  const forward = stack.strip.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = stack.strip.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const last = stack.cells.length - 1;
  return { [forward]: index + 1, [backward]: index - 1, ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last }[key];
}

function listen(stack) {
  const indexOf = (event) => Number(event.target.closest?.(".cell")?.dataset.index ?? -1);
  stack.strip.addEventListener("click", (event) => choose(stack, indexOf(event)));
  stack.strip.addEventListener("pointerover", (event) => indexOf(event) >= 0 && tell(stack, indexOf(event)));
  stack.strip.addEventListener("pointerleave", () => tell(...selectedCell()));
  stack.strip.addEventListener("focusin", (event) => tell(stack, indexOf(event)));
  stack.strip.addEventListener("keydown", (event) => {
    const index = indexOf(event);
    const to = destination(stack, index, event.key);
    if (event.key === "Enter" || event.key === " ") choose(stack, index);
    else if (to === undefined) return;
    event.preventDefault();
    const node = stack.nodes[to];
    if (!node) return;
    rove(stack, node);
    node.focus();
  });
}

// ---- drawing --------------------------------------------------------------------------------------------------------
function draw({ subject }) {
  if (!subject) return;
  const ticket = ++drawing;
  const both = subject.target_tokens.length > 0;
  stacks.target.node.hidden = !both;
  stacks.source.node.querySelector(".strip-name").hidden = !both;
  const done = () => { mark(); element.dataset.drawn = subject.run; };
  load(stacks.target, subject.target_tokens, subject.target, ticket, () => {});
  load(stacks.source, subject.tokens, subject.text, ticket, done);
}

Object.values(stacks).forEach(listen);
explorer.subscribe(element, (state, changed) => {
  if (changed.includes("subject") || !element.dataset.drawn) draw(state);
  else mark();
}, ["subject", "token"]);
