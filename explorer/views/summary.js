// The line under the prompt: what was run, on what. Value: the subject; it is handed to the store from here.
const line = element.querySelector(".summary-line");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en");

const counted = (number, name) => `${exact.format(number)} ${name}${number === 1 ? "" : "s"}`;

function parts(subject) {
  const count = (tokens) => exact.format(tokens.length);
  const of = subject.context ? ` of ${exact.format(subject.context)}` : "";
  const tokens = subject.kind === "encoder-decoder"
    ? `${count(subject.tokens)}${of} source and ${count(subject.target_tokens)} target tokens`
    : `${count(subject.tokens)}${of} tokens`;
  return [
    tokens, subject.model, subject.kind, `${counted(subject.layers, "layer")} × ${counted(subject.heads, "head")}`,
    `${compact.format(subject.parameters)} parameters`, subject.device,
  ];
}

// A tab that has nothing to say about this kind of model is not listed; who stands on it goes to the first one.
function listTabs(fitting) {
  const listed = [...document.querySelectorAll("#tabs > .tab-wrapper [data-tab-id]")];
  for (const tab of listed) tab.hidden = !fitting.includes(tab.dataset.tabId);
  if (listed.some((tab) => tab.hidden && tab.ariaSelected === "true")) listed.find((tab) => !tab.hidden)?.click();
}

function show() {
  const subject = props.value;
  if (!subject?.model) return;
  line.replaceChildren(...parts(subject).map((text) => {
    const part = document.createElement("span");
    part.textContent = text;
    return part;
  }));
  if (subject.tabs) listTabs(subject.tabs);
  element.dataset.run = subject.run;
  explorer.set({ subject });
}

watch("value", show);
show();
