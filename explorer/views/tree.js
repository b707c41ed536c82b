// The branches of a completion: walk, prune, export. The tree itself is kept by the stream view in `explorer.branches`.
const body = element.querySelector(".tree-body");
const list = element.querySelector(".tree-list");
const SHOWN = 60;

const spelled = (token) => (token.special ? token.text : explorer.tokenLabel(token.text));
const bits = (nodes) => nodes.reduce((sum, node) => sum - Math.log2(Math.max(node.token.probability, 1e-300)), 0);

// A stretch of text without a fork is one line of the tree.
function stretch(node) {
  const nodes = [node];
  while (nodes.at(-1).children.length === 1) nodes.push(nodes.at(-1).children[0]);
  return nodes;
}

function lineage(node) {
  const nodes = [];
  for (let at = node; at.parent; at = at.parent) nodes.unshift(at);
  return nodes;
}

function leaf(node) {
  let at = node;
  while (at.children.length) at = at.children[0];
  return at;
}

const announce = () => explorer.set({ branches_version: (explorer.state.branches_version ?? 0) + 1 });

function walk(node) {
  explorer.branches.tip = leaf(node);
  explorer.set({ branches_tip: Date.now() });
  draw();
}

function prune(node) {
  const onPath = lineage(explorer.branches.tip).includes(node);
  node.parent.children = node.parent.children.filter((child) => child !== node);
  if (onPath) explorer.branches.tip = leaf(node.parent);
  explorer.set({ branches_tip: Date.now() });
  announce();
}

function button(text, label, action) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "branch";
  node.textContent = text;
  node.setAttribute("aria-label", label);
  node.addEventListener("click", action);
  return node;
}

function branchNode(node, current) {
  const nodes = stretch(node);
  const text = nodes.map(({ token }) => spelled(token)).join("");
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const item = document.createElement("li");
  const go = button(short, `Show the branch ${short}`, () => walk(nodes.at(-1)));
  go.dir = "auto";
  go.setAttribute("aria-current", nodes.some((other) => current.has(other)));
  const facts = document.createElement("span");
  facts.className = "note";
  facts.textContent = ` ${nodes.length} tokens, ${bits(nodes).toFixed(1)} bits `;
  item.append(go, facts, button("×", `Prune the branch ${short}`, () => prune(node)));
  const last = nodes.at(-1);
  if (last.children.length) item.append(listOf(last.children, current));
  return item;
}

function listOf(nodes, current) {
  const inner = document.createElement("ul");
  inner.append(...nodes.map((node) => branchNode(node, current)));
  return inner;
}

function draw() {
  const tree = explorer.branches;
  body.hidden = !tree?.root.children.length;
  if (!tree) return;
  const current = new Set(lineage(tree.tip));
  list.replaceChildren(...tree.root.children.map((node) => branchNode(node, current)));
  element.dataset.branches = list.querySelectorAll("li").length;
}

// ---- export ---------------------------------------------------------------------------------------------------------
function plain({ token, children }) {
  return { ...token, children: children.map(plain) };
}

element.querySelector("[data-do=export]").addEventListener("click", () => {
  const { question, root } = explorer.branches;
  const file = new Blob([JSON.stringify({ ...question, branches: root.children.map(plain) }, null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "branches.json";
  link.click();
  URL.revokeObjectURL(link.href);
});

explorer.subscribe(element, draw, ["branches_version", "branches_tip"]);
