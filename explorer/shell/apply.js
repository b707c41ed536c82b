// Makes the page show what a link says, without loading it again: the browser's Back, saved views, files.
import { config } from "../web/configuration.js";
import { setControls } from "../web/controls.js";
import { closeOther } from "../web/runs.js";
import { state } from "../web/store.js";
import { goTo } from "../web/tabs.js";
import { arrived } from "./address.js";
import { changesIn, chosen, firstRun, runIn } from "./link.js";
import { open } from "./opening.js";

/** @typedef {import("../web/store.js").RunName} RunName */

/**
 * @param {import("./link.js").Spec | import("../web/store.js").RunFacts | null} run
 * @param {readonly import("../web/store.js").Change[]} [changes]
 */
const said = (run, changes = []) => run && JSON.stringify([run.model, run.text, run.target, changes]);

/**
 * @param {RunName} name
 * @param {import("./link.js").Spec} spec
 */
async function run(name, spec) {
  const listed = name === "main" ? state.changes : state.other?.changes;
  if (said(spec, spec.changes) !== said(state[name], listed)) await open(name, spec);
}

/**
 * Shows what a link says; what it does not name is as it is at first.
 * @param {URLSearchParams} query
 * @param {number} [most]  characters of a control, where it is not an address
 */
export async function apply(query, most) {
  const firsts = Object.fromEntries(Object.entries(config.controls).map(([key, { first }]) => [key, first]));
  const names = config.tabs.map((tab) => tab.name);
  const wished = chosen(query, config.controls, names, most);
  const values = { layer: 0, head: 0, kind: "self", token: null, ...firsts, ...wished };
  const spec = { ...firstRun(runIn(query), config), changes: changesIn(query) };
  const wanted = runIn(query, "other_");
  if (said(spec, spec.changes) === said(state.main, state.changes)) setControls(values);
  else {
    await run("main", spec);
    setControls(values); // after the run: a layer the run before did not have is one that this run may have
  }
  if (wanted.text === undefined && wanted.model === undefined) closeOther();
  else {
    const other = firstRun({ ...runIn(query), ...wanted }, config);
    await run("other", { ...other, changes: changesIn(query, "other_") });
  }
  goTo(values.tab ?? names[0]); // an address without a tab is the first one's
}

/** Back and Forward show the page that was there. */
export function followHistory() {
  window.addEventListener("popstate", async () => {
    arrived();
    await apply(new URLSearchParams(location.search));
  });
}
