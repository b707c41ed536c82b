// "Change…", where one looks: the changes to the model that what is chosen there suggests.
import { changeName } from "./change_names.js";
import { addChange } from "./changes.js";
import { h } from "./dom.js";
import { _ } from "./language.js";

/** @typedef {import("./store.js").Change} Change */

/**
 * A menu that makes one of these changes, each in its own words; closed, it is one word long.
 * @param {readonly Change[]} changes
 * @param {readonly Node[]} [more]  what else stands below them
 */
export function changeMenu(changes, more = []) {
  const menu = h("details", { class: "fold change-menu" });
  const choose = (/** @type {Change} */ change) => {
    menu.open = false;
    addChange(change);
  };
  const buttons = changes.map((change) =>
    h("li", null, h("button", { class: "change-choice", onclick: () => choose(change) }, changeName(change))),
  );
  menu.append(
    h("summary", { title: _("Change the model for this run, in every tab") }, _("Change…")),
    h("div", { class: "change-choices" }, h("ul", null, buttons), ...more),
  );
  return menu;
}
