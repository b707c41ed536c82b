// Playing: which step is shown, and the clock that goes from one to the next.

/** @typedef {import("./steps.js").Step} Step */

const STEP_MS = 3200;

/**
 * @param {() => readonly Step[]} steps
 * @param {(step: Step | null, index: number) => void} show  null where nothing is played
 */
export function createPlayer(steps, show) {
  let index = -1;
  let timer = 0;

  const tell = () => show(steps()[index] ?? null, index);

  function pause() {
    clearInterval(timer);
    timer = 0;
  }

  function next() {
    if (index + 1 < steps().length) index += 1;
    if (index + 1 >= steps().length) pause();
    tell();
  }

  return {
    /** Whether the clock runs. */
    get playing() {
      return timer !== 0;
    },
    /** Whether a step is shown, played or paused. */
    get open() {
      return index >= 0;
    },
    /** Starts, goes on, or pauses; at the end it starts again. */
    toggle() {
      if (timer) {
        pause();
        tell();
        return;
      }
      if (index + 1 >= steps().length) index = -1;
      timer = window.setInterval(next, STEP_MS);
      next();
    },
    /**
     * One step forward or back; before the first nothing is played.
     * @param {1 | -1} by
     */
    step(by) {
      pause();
      index = Math.max(-1, Math.min(steps().length - 1, index + by));
      tell();
    },
    /** The whole picture again. */
    end() {
      pause();
      if (index < 0) return;
      index = -1;
      tell();
    },
    /** Shows the step again, after a redraw. */
    tell,
  };
}
