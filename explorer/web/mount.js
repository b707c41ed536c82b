// Brings a view to life: loads its module and mounts it; what goes wrong is said in the view's place.
import { _ } from "./language.js";
import { fail } from "./status.js";

/**
 * What a view's `mount` is given. `element` holds the skeleton; `props` is what Python said (`props.run`: which run).
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {any} props
 * @property {(event: string, data?: unknown) => void} trigger  Gradio's, for the page's own bridge
 * @property {(key: string, listener: () => void) => void} watch  Gradio's
 */

let mounting = 0;

/** Whether a view is still being brought to life. */
export const isMounting = () => mounting > 0;

/**
 * @param {string} name  the module, from the explorer's folder
 * @param {View} view
 */
export async function mount(name, view) {
  mounting += 1;
  try {
    const module = await import(new URL(`../${name}`, import.meta.url).href);
    await module.mount(view);
  } catch (error) {
    fail(view.element, _("This part of the page did not start; load the page again."));
    throw error;
  } finally {
    mounting -= 1;
  }
}
