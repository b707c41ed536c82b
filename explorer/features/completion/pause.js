// Work that waits until someone stops typing.

const PAUSE_MS = 300;

/**
 * Calls `work` once nobody has asked for it for a moment.
 * @param {() => void} work
 */
export function afterPause(work) {
  let timer = 0;
  return {
    /** Asks for the work; a later wish takes the place of this one. */
    ask() {
      clearTimeout(timer);
      timer = window.setTimeout(work, PAUSE_MS);
    },
    /** Gives up what was asked for. */
    forget() {
      clearTimeout(timer);
    },
  };
}
