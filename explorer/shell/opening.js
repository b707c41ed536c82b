// A link may ask for any model, and a link is not a person: what would be downloaded, or read from a folder of this
// machine, waits until somebody presses Run.
import { config } from "../web/configuration.js";
import { fillPrompt } from "../web/controls.js";
import { _ } from "../web/language.js";
import { start } from "../web/runs.js";
import { call } from "../web/server.js";
import { set, state } from "../web/store.js";

/** @param {string} model */
async function isHere(model) {
  if (config.here.includes(model) || model === state.main?.model || model === state.other?.model) return true;
  const offered = await call("models", {});
  return offered.some(({ name, loaded }) => loaded && name === model);
}

/**
 * Starts the run that a link asks for, or says that it waits for a person.
 * @param {import("../web/store.js").RunName} name
 * @param {import("./link.js").Spec} spec
 */
export async function open(name, spec) {
  if (await isHere(spec.model).catch(() => false)) {
    await start(name, spec);
    return;
  }
  if (name === "main") fillPrompt(spec);
  const values = { model: spec.model };
  const sentence =
    name === "main"
      ? _("This link asks for the model {model}, which is not loaded yet; press Run to load it.", values)
      : _("This link compares with the model {model}, which is not loaded yet; choose it there to load it.", values);
  set({ progress: { sentence } });
}
