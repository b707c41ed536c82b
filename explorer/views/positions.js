// How the model knows the order of its tokens: one scheme at a time.
const picker = element.querySelector(".scheme");
const sentence = element.querySelector(".scheme-sentence");
let schemes = [];
let known = null;

async function update(state) {
  if (!state.subject || state.subject.model === known) return;
  const { model } = state.subject;
  const answer = await explorer.call(server.positions, explorer.question(state.subject));
  known = model;
  schemes = answer.schemes;
  picker.replaceChildren(...schemes.map(({ name }, place) => {
    const option = document.createElement("option");
    option.value = place;
    option.textContent = name;
    return option;
  }));
  element.querySelector(".scheme-label").hidden = schemes.length < 2;
  if (answer.none) sentence.textContent = answer.none;
  await show();
}

async function show() {
  const scheme = schemes[Number(picker.value)];
  if (scheme) sentence.textContent = scheme.sentence;
  await drawFigure("positions-figure", { figure: scheme?.figure ?? "", name: "positions" });
  element.dataset.scheme = scheme?.kind ?? "none";
}

picker.addEventListener("change", show);
explorer.subscribe(element, update, ["subject"]);
