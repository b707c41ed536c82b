// The address of what is on the page.
import { config } from "../web/configuration.js";
import { state } from "../web/store.js";
import { isTooLong, ownKeys, parts } from "./link.js";

/** The address that opens what is on the page now; what others put into the address stays. */
export function address() {
  const url = new URL(location.href);
  for (const key of ownKeys(config.controls)) url.searchParams.delete(key);
  const found = parts(state, config.controls, config.linkCharacters);
  for (const [key, value] of Object.entries(found)) url.searchParams.set(key, value);
  return url;
}

/** Writes it into the address bar. */
export function write() {
  history.replaceState(history.state, "", address());
}

/** Whether a text is left out of the address because it is too long. */
export const isPartial = () => [state.main, state.other].some((run) => isTooLong(run, config.linkCharacters));
