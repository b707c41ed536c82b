// Runs inside the sandboxed frame, before bertviz's own script: the few calls it makes to jQuery and require.js, and
// the unpacking of the numbers it draws. Python writes it into the frame's page, so it is no module.

const frame = /** @type {any} */ (window);

/** @param {string} what  a selector, or an empty element as markup */
frame.jQueryFew = (what) => {
  const nodes = what.startsWith("<")
    ? [document.createElement(what.replace(/[^a-z]/g, ""))]
    : [...document.querySelectorAll(what)];
  /** @param {(node: any, value: any, extra: any) => void} action */
  const each = (action) => (/** @type {any} */ value, /** @type {any} */ extra) => {
    for (const node of nodes) action(node, value, extra);
    return few;
  };
  const few = {
    nodes,
    append: each((node, child) => node.append(...child.nodes)),
    attr: each((node, name, value) => node.setAttribute(name, value)),
    change: each((node) => node.dispatchEvent(new Event("change"))),
    empty: each((node) => node.replaceChildren()),
    on: each((node, type, listener) => node.addEventListener(type, listener)),
    text: each((node, text) => {
      node.textContent = text;
    }),
    val: each((node, value) => {
      node.value = value;
    }),
  };
  return few;
};

/** @type {(names: string[], start: (jquery: any, d3: any) => void) => void} */
frame.require = (_names, start) => start(frame.jQueryFew, frame.d3);
frame.require.config = () => {};
frame.requirejs = frame.require;

/**
 * Numbers of two bytes each as nested arrays.
 * @param {{ shape: number[], low: number, step: number, numbers: string }} packed
 */
function unpack({ shape, low, step, numbers }) {
  const bytes = Uint8Array.from(atob(numbers), (character) => character.charCodeAt(0));
  const flat = new Uint16Array(bytes.buffer);
  let place = 0;
  /** @type {(depth: number) => any[]} */
  const nest = (depth) =>
    Array.from({ length: shape[depth] }, () =>
      depth + 1 < shape.length ? nest(depth + 1) : low + step * flat[place++],
    );
  return nest(0);
}

/** @param {any} params */
frame.unpackBertviz = (params) => {
  for (const entry of Object.values(params.attention)) {
    for (const name of ["attn", "queries", "keys"]) if (entry[name]) entry[name] = unpack(entry[name]);
    // The model view draws a line for every number it is given; what a causal model cannot see needs none.
    if (params.choice.view !== "model" || params.bidirectional) continue;
    const seen = (/** @type {number[]} */ row, /** @type {number} */ query) => row.slice(0, query + 1);
    entry.attn = entry.attn.map((/** @type {any[]} */ layer) => layer.map((head) => head.map(seen)));
  }
  frame.bertviz_params = params;
};

frame.finishBertviz = () => {
  const { choice } = frame.bertviz_params;
  /** @param {string} id */
  const menu = (id) => /** @type {HTMLSelectElement} */ (document.getElementById(id));
  const [layer, head] = [menu("layer"), menu("att_head")];
  // The neuron view counts from 0 whatever it was given.
  if (choice.view === "neuron") {
    for (const [place, option] of [...layer.options].entries()) option.textContent = choice.layers[place];
    for (const [place, option] of [...head.options].entries()) option.textContent = choice.heads[place];
  }
  if (layer.parentElement) layer.parentElement.hidden = choice.view === "model";
  if (head.parentElement) head.parentElement.hidden = choice.view !== "neuron";
  const tell = () => {
    const shapes = document.querySelectorAll("svg *").length;
    parent.postMessage({ bertvizHeight: document.documentElement.scrollHeight, shapes }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
};
