// bertviz's drawings in a sandboxed frame: the size is said first, and only what fits is drawn.
const state = explorer.state;
const viewBox = element.querySelector(".bertviz-view");
const scopeBox = element.querySelector(".bertviz-scope");
const button = element.querySelector(".bertviz-draw");
const sizeLine = element.querySelector(".bertviz-size");
const host = element.querySelector(".bertviz-host");
const asked = () => Object.fromEntries(Object.entries(props.asked).map(([name, key]) => [name, state[key]]));
const question = () => ({ ...explorer.question(), ...asked(), view: viewBox.value, scope: scopeBox.value });
let frame = null;
let latest = 0;

async function measure() {
  if (!state.subject) return;
  const mine = (latest += 1);
  const answer = await explorer.call(server.bertviz, question());
  if (mine !== latest) return;
  sizeLine.textContent = answer.sentence;
  button.disabled = !answer.offer;
  button.textContent = answer.offer && !answer.fits ? "Draw what fits" : "Draw";
  element.dataset.sentence = answer.sentence;
}

async function draw() {
  const mine = (latest += 1);
  explorer.status(element, "Drawing…");
  const answer = await explorer.call(server.bertviz, { ...question(), draw: true });
  explorer.status(element, null);
  if (mine !== latest || !answer.document) return;
  frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = `bertviz ${viewBox.value} view`;
  frame.srcdoc = answer.document;
  element.dataset.shapes = "";
  element.dataset.bytes = String(new TextEncoder().encode(answer.document).length);
  host.replaceChildren(frame);
}

function heard(event) {
  if (!element.isConnected) return window.removeEventListener("message", heard);
  if (!frame || event.source !== frame.contentWindow || !Number.isFinite(event.data?.bertvizHeight)) return undefined;
  frame.style.height = `${Math.min(4000, Math.max(80, event.data.bertvizHeight + 20))}px`;
  element.dataset.shapes = String(event.data.shapes);
  return undefined;
}

window.addEventListener("message", heard);
button.addEventListener("click", draw);
viewBox.addEventListener("change", measure);
scopeBox.addEventListener("change", measure);
explorer.subscribe(element, (_, changed) => {
  if (changed.includes("subject") || changed.includes("kind")) {
    frame = null;
    host.replaceChildren();
  }
  return measure();
}, ["subject", "kind", "layer", "head"]);
