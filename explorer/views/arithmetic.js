// a − b + c: the nearest tokens, and how often such sums are right in this model.
const line = element.querySelector(".sum-line");
const results = element.querySelector(".sum-results tbody");
const relations = element.querySelector(".sum-honest tbody");
let measured = null;

function cells(contents) {
  const row = document.createElement("tr");
  row.append(...contents.map((content) => {
    const cell = document.createElement("td");
    cell.textContent = content;
    return cell;
  }));
  return row;
}

const fixed = (value) => (value === null ? "" : value.toFixed(3));
const label = (text) => explorer.tokenLabel(text) || "(empty)";

function strong(text) {
  const node = document.createElement("b");
  node.textContent = label(text);
  return node;
}

function show({ inputs, results: found, unaided }) {
  const [a, b, c] = inputs.map((input) => strong(input.text));
  const answer = found.length ? strong(found[0].text) : "nothing";
  const own = unaided && inputs.some((input) => input.row === unaided.row);
  const told = own ? ` (with the three words allowed, the nearest is “${label(unaided.text)}” itself)` : "";
  line.replaceChildren(a, " − ", b, " + ", c, " → ", answer, told);
  results.replaceChildren(...found.map((one) => cells([label(one.text), fixed(one.cosine), fixed(one.distance)])));
  element.dataset.answer = found[0]?.text ?? "";
}

function showAccuracy({ relations: scores }) {
  const total = (name) => scores.reduce((sum, score) => sum + score[name], 0);
  const share = (right, tried) => (tried ? `${((100 * right) / tried).toFixed(0)} %` : "");
  const note = element.querySelector(".sum-note");
  const tried = total("tried");
  note.textContent = tried
    ? `Is this reliable? Of ${tried.toLocaleString("en")} such questions whose words are single tokens here, ${share(total("right"), tried)} come out right, `
      + `and only because the three words themselves are left out: allowed in, it is ${share(total("unaided"), tried)}.`
    : "None of the words of our list is a single token of this model, so nothing could be measured.";
  relations.replaceChildren(...scores.map((score) => cells([
    score.relation, score.tried, ...["right", "unaided", "nearest"].map((name) => share(score[name], score.tried)),
  ])));
}

async function update(state) {
  if (!state.subject) return;
  const table = { ...explorer.question(state.subject), space: state.sum_space };
  const about = `${table.model} ${table.space}`;
  const sum = explorer.call(server.arithmetic, { ...table, a: state.sum_a, b: state.sum_b, c: state.sum_c }).then(show);
  if (about !== measured) {
    showAccuracy(await explorer.call(server.accuracy, table));
    measured = about;
  }
  await sum;
}

explorer.subscribe(element, update, ["subject", "sum_space", "sum_a", "sum_b", "sum_c"]);
