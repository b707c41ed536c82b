// The projection of a map: started anew by every change, told while it lasts, stopped by its reader.
import { find } from "../../web/dom.js";
import { count, percentWhole } from "../../web/format.js";
import { _, _n } from "../../web/language.js";
import { stream } from "../../web/server.js";
import { status } from "../../web/status.js";
import { state } from "../../web/store.js";
import { projectionIn } from "./map_request.js";

/** @typedef {import("../../web/calls.d.ts").MapPoints} MapPoints */
/** @typedef {import("../../web/calls.d.ts").MapProgress} MapProgress */

/** @param {MapProgress} progress */
export function sentenceOf({ state: doing, ahead, stage, share, seconds }) {
  if (doing === "waiting") {
    if (!ahead) return _("Next in the queue.");
    return _n(
      "In the queue: {count} projection ahead of yours.",
      "In the queue: {count} projections ahead of yours.",
      ahead,
    );
  }
  return _("{stage}, {share} ({seconds} s)", { stage, share: percentWhole(share), seconds: count(seconds) });
}

/**
 * @param {HTMLElement} element  whose `data-state` says how it stands
 * @param {(map: MapPoints) => void} onMap
 */
export function createLoading(element, onMap) {
  const work = stream(element, "map_points");
  const box = find(element, ".map-job");
  const bar = find(box, "progress", HTMLProgressElement);

  /** @param {MapProgress} progress */
  function tell(progress) {
    box.hidden = false;
    bar.value = progress.share;
    find(box, ".map-stage").textContent = sentenceOf(progress);
  }

  /** @param {"shown" | "stopped" | "failed"} how */
  function end(how) {
    box.hidden = true;
    element.dataset.state = how;
  }

  return {
    async load() {
      element.dataset.state = "working";
      box.hidden = true;
      status(element, null);
      try {
        await work.start(projectionIn(state), ({ progress, map }) => {
          if (progress) tell(progress);
          if (!map) return;
          end("shown");
          onMap(map);
        });
      } catch (error) {
        end("failed");
        throw error;
      }
    },
    stop() {
      if (!work.running) return;
      work.stop();
      end("stopped");
      status(element, _("Stopped. What the map shows is from before; change a setting to start again."), "note");
    },
  };
}
