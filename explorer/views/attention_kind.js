// Which attention of an encoder-decoder model is looked at; hidden for models that have one kind only.
const bar = element.querySelector(".kind-bar");
const TITLES = {
  encoder: "Encoder: the source reads itself", decoder: "Decoder: the target reads itself", cross: "Cross: the target reads the source",
};
const group = `kind-${Math.random().toString(36).slice(2)}`;

function choice(kind) {
  const label = document.createElement("label");
  const radio = document.createElement("input");
  Object.assign(radio, { type: "radio", name: group, value: kind });
  radio.addEventListener("change", () => explorer.set({ kind }));
  label.append(radio, TITLES[kind] ?? kind);
  return label;
}

explorer.subscribe(element, (state) => {
  const kinds = (state.subject?.attention_kinds ?? []).map((entry) => entry.kind);
  if (bar.dataset.kinds !== kinds.join()) {
    bar.dataset.kinds = kinds.join();
    bar.replaceChildren(...kinds.map(choice));
  }
  bar.hidden = kinds.length < 2;
  for (const radio of bar.querySelectorAll("input")) radio.checked = radio.value === state.kind;
}, ["subject", "kind"]);
