// How many tokens, characters and bytes, and how full the model's context is.
const list = element.querySelector(".counts");
const exact = new Intl.NumberFormat("en");
const ratio = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

function rows({ text, tokens, context, vocab }) {
  const characters = [...text].length;
  const bytes = new TextEncoder().encode(text).length;
  const spelled = tokens.filter((token) => token.end > token.start).length;
  return [
    ["tokens", exact.format(tokens.length)],
    ["characters", exact.format(characters)],
    ["bytes", exact.format(bytes)],
    ["characters per token", spelled ? ratio.format(characters / spelled) : "none"],
    ["different tokens of the vocabulary", `${exact.format(new Set(tokens.map((token) => token.id)).size)} of ${exact.format(vocab)}`],
    ...(context ? [["of the context, in tokens", `${percent.format(tokens.length / context)} of ${exact.format(context)}`]] : []),
  ];
}

function draw({ subject }) {
  if (!subject) return;
  list.replaceChildren(...rows(subject).map(([name, value]) => {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    const figure = document.createElement("dd");
    term.textContent = name;
    figure.textContent = value;
    pair.append(term, figure);
    return pair;
  }));
}

explorer.subscribe(element, draw, ["subject"]);
