// Runs inside the sandboxed frame, before bertviz's own script: the few calls it makes to jQuery and require.js, and
// the unpacking of the numbers it draws.
window.jQueryFew = (what) => {
  const nodes = what.startsWith("<") ? [document.createElement(what.replace(/[^a-z]/g, ""))] : [...document.querySelectorAll(what)];
  const each = (action) => (value, extra) => {
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
    text: each((node, text) => { node.textContent = text; }),
    val: each((node, value) => { node.value = value; }),
  };
  return few;
};
window.requirejs = window.require = (names, start) => start(window.jQueryFew, window.d3);
window.require.config = () => {};

window.unpackBertviz = (params) => {
  const unpack = ({ shape, low, step, numbers }) => {
    const binary = atob(numbers);
    const flat = new Uint16Array(Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer);
    let place = 0;
    const nest = (depth) => Array.from({ length: shape[depth] }, () => (depth + 1 < shape.length ? nest(depth + 1) : low + step * flat[place++]));
    return nest(0);
  };
  for (const entry of Object.values(params.attention)) {
    for (const name of ["attn", "queries", "keys"]) if (entry[name]) entry[name] = unpack(entry[name]);
    // The model view draws a line for every number it is given; what a causal model cannot see needs none.
    if (params.choice.view === "model" && !params.bidirectional) {
      entry.attn = entry.attn.map((layer) => layer.map((head) => head.map((row, query) => row.slice(0, query + 1))));
    }
  }
  window.bertviz_params = params;
};

window.finishBertviz = () => {
  const { choice } = window.bertviz_params;
  const menus = { layer: document.getElementById("layer"), head: document.getElementById("att_head") };
  // The neuron view counts from 0 whatever it was given.
  if (choice.view === "neuron") {
    [...menus.layer.options].forEach((option, place) => { option.textContent = choice.layers[place]; });
    [...menus.head.options].forEach((option, place) => { option.textContent = choice.heads[place]; });
  }
  menus.layer.parentElement.hidden = choice.view === "model";
  menus.head.parentElement.hidden = choice.view !== "neuron";
  const tell = () => parent.postMessage({ bertvizHeight: document.documentElement.scrollHeight, shapes: document.querySelectorAll("svg *").length }, "*");
  new ResizeObserver(tell).observe(document.body);
  tell();
};
