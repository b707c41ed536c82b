// Where the page begins: what the address asks for goes into the store, the first run starts, and the address follows.
import { config } from "../web/configuration.js";
import { controlChanged, isSettled } from "../web/controls.js";
import { onTheme } from "../web/dom.js";
import { isMounting } from "../web/mount.js";
import { watchPopovers } from "../web/popover.js";
import { isRunning, start } from "../web/runs.js";
import { isAsking } from "../web/server.js";
import { isFlushing, onChange, retell, set, state } from "../web/store.js";
import { goTo, tabButtons, whenListed } from "../web/tabs.js";
import { write } from "./address.js";
import { followHistory } from "./apply.js";
import { closeTabs } from "./closing.js";
import { compare, watchSides } from "./comparing.js";
import { chooseFirstHead } from "./first_head.js";
import { watchKeys } from "./keys.js";
import { changesIn, chosen, firstRun, runIn } from "./link.js";
import { open } from "./opening.js";
import { watchTerms } from "./terms.js";
import { watchDrops } from "./view_file.js";

const names = config.tabs.map((tab) => tab.name);
const query = new URLSearchParams(location.search);
let timer = 0;
let isOpened = false;
let isTouched = false; // whether anybody has pressed anything since

/**
 * Someone goes to a tab. Gradio says so of the first one too while it builds the page, and on a busy machine later than
 * the link's tab was opened: that is nobody's wish.
 * @param {string} name
 */
function tabChanged(name) {
  if (!isOpened) return;
  if (!isTouched && state.tab && name !== state.tab) {
    goTo(state.tab);
    return;
  }
  set({ tab: name });
  // On a phone the strip is longer than the screen, and a key or a link may choose what is out of sight.
  const button = tabButtons().find(({ dataset }) => dataset.tabId === name);
  button?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Goes to the tab a link asks for, as soon as the tabs are there. */
export function openTab() {
  whenListed(() => {
    isOpened = true;
    const asked = state.tab;
    if (!asked) return;
    goTo(asked);
    // Gradio may still put its own first tab in front after that.
    const insist = () => state.tab === asked && goTo(asked);
    requestAnimationFrame(() => requestAnimationFrame(insist));
  });
}

// Gradio's own events reach the modules through this one name, and so do tests.
Object.assign(window, {
  explorer: {
    state,
    set,
    run: start,
    compare,
    control: controlChanged,
    tab: tabChanged,
    ready: () => isSettled() && isOpened && !isMounting(),
    busy: () => isAsking() || isRunning() || isFlushing(),
  },
});

// Before the first run the address is the visitor's wish; it must not be overwritten.
onChange(() => {
  clearTimeout(timer);
  if (state.main) timer = window.setTimeout(write, 200);
});

for (const press of ["pointerdown", "keydown", "click"]) {
  const touched = () => {
    isTouched = true;
  };
  document.addEventListener(press, touched, true);
}
onTheme(document.body, retell);
watchPopovers();
closeTabs();
chooseFirstHead();
watchKeys();
watchTerms();
watchDrops();
followHistory();
watchSides();
set(chosen(query, config.controls, names));
open("main", { ...firstRun(runIn(query), config), changes: changesIn(query) });
const other = runIn(query, "other_");
if (other.text !== undefined || other.model !== undefined) {
  open("other", { ...firstRun({ ...runIn(query), ...other }, config), changes: changesIn(query, "other_") });
}
