// Questions to Python: one answer, the newest answer, or a stream of them. Declared in Python, typed in calls.d.ts.
import { _ } from "./language.js";
import { clear, fail } from "./status.js";
import { silence, state } from "./store.js";

/** @typedef {import("./calls.d.ts").Calls} Calls */
/** @typedef {import("./calls.d.ts").Streams} Streams */
/**
 * @template {keyof (Calls & Streams)} N
 * @typedef {(Calls & Streams)[N]["request"]} Asked
 */
/**
 * @template {keyof (Calls & Streams)} N
 * @typedef {(Calls & Streams)[N]["answer"]} Answer
 */

/** A refusal; its message is the sentence to show. */
export class CallError extends Error {}

const SESSION = crypto.randomUUID?.() ?? String(Math.random()).slice(2); // an address without https has no randomUUID
let pending = 0;

/** Whether an answer is still under way. */
export const isAsking = () => pending > 0;

/**
 * Asks once.
 * @template {keyof Calls} N
 * @param {N} name
 * @param {Asked<N>} request
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer<N>>}
 */
export async function call(name, request, signal) {
  pending += 1;
  try {
    const response = await send(name, request, signal);
    return refusing(await response.json().catch(() => ({ error: silenceOfServer() })));
  } finally {
    pending -= 1;
  }
}

/**
 * Asks for a view: of several questions under way only the newest is answered, one at a time is sent, and what goes
 * wrong is said in the view's place. A question that a newer one replaced never resolves.
 * @param {Element} element
 */
export function latest(element) {
  /** @type {Promise<unknown> | null} */
  let running = null;
  let newest = 0;

  /**
   * @template {keyof Calls} N
   * @param {N} name
   * @param {Asked<N>} request
   * @returns {Promise<Answer<N>>}
   */
  return async function ask(name, request) {
    const mine = ++newest;
    while (running) await running.catch(() => {});
    if (mine !== newest) return never();
    const asked = call(name, request);
    running = asked.finally(() => {
      running = null;
    });
    running.catch(() => {});
    try {
      const answer = await asked;
      if (mine !== newest) return never();
      clear(element);
      return answer;
    } catch (error) {
      if (mine !== newest) return never();
      throw shown(element, error);
    }
  };
}

/** @returns {Promise<never>} */
const never = () => new Promise(() => {});

/**
 * Work that goes on while it is watched: a new start ends the older one, and so does leaving the page.
 * @template {keyof Streams} N
 * @param {Element} element
 * @param {N} name
 */
export function stream(element, name) {
  /** @type {AbortController | null} */
  let current = null;

  return {
    /** Whether work is going on. */
    get running() {
      return current !== null;
    },
    /** Ends the work, here and on the server. */
    stop() {
      current?.abort();
      current = null;
    },
    /**
     * Starts the work; resolves to whether it came to its own end.
     * @param {Asked<N>} request
     * @param {(message: Answer<N>) => void} onMessage
     * @returns {Promise<boolean>}
     */
    async start(request, onMessage) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      try {
        for await (const message of messages(name, request, mine.signal)) {
          if (current !== mine) return false;
          onMessage(message);
        }
        clear(element);
        return current === mine;
      } catch (error) {
        if (mine.signal.aborted) return false;
        throw shown(element, error);
      } finally {
        if (current === mine) current = null;
      }
    },
  };
}

/**
 * Every message of a stream as it comes.
 * @template {keyof Streams} N
 * @param {N} name
 * @param {Asked<N>} request
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Answer<N>, void, void>}
 */
export async function* messages(name, request, signal) {
  pending += 1;
  try {
    const response = await send(name, request, signal);
    if (!response.ok || !response.body) {
      refusing(await response.json().catch(() => ({ error: silenceOfServer() })));
      return;
    }
    yield* lines(response.body);
  } finally {
    pending -= 1;
  }
}

/**
 * @param {ReadableStream<BufferSource>} body  one message a line
 * @returns {AsyncGenerator<any, void, void>}
 */
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const whole = (rest + part.value).split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) yield refusing(JSON.parse(line));
  }
}

/**
 * @param {string} name
 * @param {object} request
 * @param {AbortSignal | undefined} signal
 */
async function send(name, request, signal) {
  const address = new URL(`calls/${name}`, document.baseURI);
  const headers = { "Content-Type": "application/json", "Explorer-Session": SESSION };
  const body = JSON.stringify(withRun(request));
  return fetch(address, { method: "POST", headers, body, signal }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new CallError(silenceOfServer());
  });
}

/**
 * The request with the run's model, text, target and changes in the place of its name; so too the run beside it.
 * @param {object} request
 */
export function withRun(request) {
  /** @type {Record<string, unknown>} */
  const { run, beside, ...rest } = { ...request };
  return { ...spelled(run, ""), ...spelled(beside, "other_"), ...rest };
}

/**
 * A run's model, text, target and changes, as a request has them; nothing where there is no such run.
 * @param {unknown} name  "main" or "other"
 * @param {string} prefix
 * @returns {Record<string, unknown>}
 */
function spelled(name, prefix) {
  const run = name === "main" || name === "other" ? state[name] : null;
  if (!run) return {};
  const { model, text, target } = run;
  const changes = run.changes?.length ? { changes: run.changes } : {};
  return Object.fromEntries(
    Object.entries({ model, text, target, ...changes }).map(([key, one]) => [prefix + key, one]),
  );
}

/** @param {any} answer */
function refusing(answer) {
  if (answer && typeof answer === "object" && typeof answer.error === "string") throw new CallError(answer.error);
  return answer;
}

const silenceOfServer = () => _("The server did not answer. Check that it still runs, then try again.");

/**
 * An error of a call, said in a view's place and not again on the console.
 * @param {Element} element
 * @param {unknown} error
 */
export function shown(element, error) {
  if (!(error instanceof CallError)) return error;
  fail(element, error.message);
  return silence(error);
}
