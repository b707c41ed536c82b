// The sentence of a tab that the model has nothing for, in the tab's own place.

import { find } from "../web/dom.js";
import { headline } from "../web/headline.js";
import { onChange } from "../web/store.js";
import { reasonFor } from "./closing.js";

/** @param {import("../web/mount.js").View} view */
export function mount({ element, props }) {
  const line = find(element, ".closed-reason");
  const show = () => {
    const reason = reasonFor(props.tab);
    line.textContent = reason;
    line.hidden = !reason;
    if (reason) headline(element);
  };
  onChange((changed) => changed.includes("main") && show());
  show();
}
