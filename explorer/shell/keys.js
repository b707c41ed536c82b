// The page's keys, and the list of them behind "?".
import { h } from "../web/dom.js";
import { _ } from "../web/language.js";
import { tabButtons } from "../web/tabs.js";
import { compare } from "./comparing.js";
import { dictionary } from "./dictionary.js";
import { isPresenting, present, presentingKey } from "./present.js";
import { addView, forgetViews, nextView } from "./saved_views.js";
import { say } from "./saying.js";
import { pickView, saveView } from "./view_file.js";

const WRITING =
  "input:not([type=range], [type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable=true]";

/** @type {Record<string, () => void>} */
const KEYS = {
  "?": () => showKeys(),
  p: () => present(!isPresenting()),
  s: () => say(addView()),
  PageDown: () => nextView(1),
  PageUp: () => nextView(-1),
  "/": () => focusText(),
  c: () => compare(),
};

function focusText() {
  const box = document.querySelector("#text textarea");
  if (box instanceof HTMLTextAreaElement) box.focus();
}

/**
 * The tab that a number key goes to, counted as they lie on a keyboard: 0 is the tenth.
 * @param {string} key
 */
const tabOf = (key) => (/^[0-9]$/.test(key) ? tabButtons()[(Number(key) + 9) % 10] : undefined);

/** @param {KeyboardEvent} event */
function keyed(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target instanceof Element && target.closest(`${WRITING}, dialog`)) return;
  if (presentingKey(key)) event.preventDefault();
  else if (tabOf(key)) tabOf(key)?.click();
  else if (key.startsWith("Page") && nextView(key === "PageDown" ? 1 : -1)) event.preventDefault();
  else if (key in KEYS && !key.startsWith("Page")) {
    event.preventDefault();
    KEYS[key]();
  }
}

/** @returns {[string, string][]} */
const listed = () => [
  ["1 … 9, 0", _("go to a tab")],
  ["/", _("write a text; Enter runs it, Escape leaves it")],
  ["Ctrl+Enter", _("run from anywhere")],
  [_("arrows"), _("move inside a picture or a list")],
  [
    _("right click, menu key"),
    _("change the head, part, neuron or cell there; on a screen that is touched, hold a finger on it"),
  ],
  ["c", _("compare with a second side, or end the comparison")],
  ["[  ]", _("the token before, the next token, while presenting")],
  ["p", _("present: the picture alone; arrows step through heads and layers, b blanks, Escape ends it")],
  ["s", _("save this view in the browser")],
  ["Page Up, Page Down", _("step through the saved views")],
  ["?", _("this list")],
];

/** Opens the list of keys, with the dictionary. */
export function showKeys() {
  const open = document.querySelector("dialog.keys");
  if (open) return;
  const close = () => dialog.close();
  const term = (/** @type {{ word: string, means: string }} */ { word, means }) => [
    h("dt", {}, word),
    h("dd", {}, means),
  ];
  const key = (/** @type {[string, string]} */ [name, does]) => [h("dt", {}, h("kbd", {}, name)), h("dd", {}, does)];
  const sorted = dictionary().sort((one, other) => one.word.localeCompare(other.word));
  const dialog = h(
    "dialog",
    { class: "keys", "aria-label": _("Keys and words"), onclose: () => dialog.remove() },
    h("button", { class: "action", onclick: close, autofocus: true }, _("Close")),
    h("h2", {}, _("Keys")),
    h("dl", {}, listed().flatMap(key)),
    h("h2", {}, _("Saved views")),
    h(
      "p",
      {},
      h("button", { class: "action", onclick: () => say(addView()) }, _("Save this view")),
      h("button", { class: "action", onclick: () => say(forgetViews()) }, _("Forget all")),
      h("button", { class: "action", onclick: saveView }, _("Save as a file")),
      h("button", { class: "action", onclick: pickView }, _("Open a file")),
    ),
    h("h2", {}, _("In a program")),
    h("p", {}, h("button", { class: "action", onclick: openApi }, _("Use via API or MCP"))),
    h("h2", {}, _("Words")),
    h("dl", { class: "words" }, sorted.flatMap(term)),
  );
  document.body.append(dialog);
  dialog.showModal();

  function openApi() {
    close();
    const button = document.querySelector("footer .show-api"); // Gradio's own, at the end of the page
    if (button instanceof HTMLElement) button.click();
  }
}

/** Listens on the whole page. */
export function watchKeys() {
  document.addEventListener("keydown", keyed);
  if (new URLSearchParams(location.search).get("present") === "1") present(true);
}
