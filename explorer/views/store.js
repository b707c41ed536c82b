// The one client-side store: what the page looks at, who listens, how views ask the server.
window.explorer = ((config) => {
  const stale = new Error("A newer request took the place of this one.");
  const silent = new WeakSet([stale]);
  const selection = { subject: null, layer: 0, head: 0, kind: "self", token: null, tab: null };
  const state = { ...selection, ...config.controls, ...fromAddress() };
  const subscriptions = new Set();
  const owners = new WeakMap();
  const lines = new WeakMap();
  let flushing = false;
  let requests = 0;
  let addressTimer = 0;

  // ---- state ------------------------------------------------------------------------------------------------------
  function same(left, right) {
    return left === right || JSON.stringify(left) === JSON.stringify(right);
  }

  function fitted(subject, { layer, head, kind, token }) {
    const kinds = subject.attention_kinds;
    const shape = kinds.find((entry) => entry.kind === kind) ?? kinds[0];
    const stack = token && (token.stack === "target" ? subject.target_tokens : subject.tokens);
    return {
      kind: shape.kind,
      layer: Math.min(layer, shape.layers - 1),
      head: Math.min(head, shape.heads - 1),
      token: stack && token.position < stack.length ? token : null,
    };
  }

  function set(patch) {
    const older = patch.subject && state.subject && patch.subject.run < state.subject.run;
    if (older) return;
    const next = { ...patch };
    const subject = next.subject ?? state.subject;
    if (subject) Object.assign(next, fitted(subject, { ...state, ...patch }));
    const changed = Object.keys(next).filter((key) =>
      key === "subject" ? next.subject !== state.subject : !same(next[key], state[key]),
    );
    if (!changed.length) return;
    Object.assign(state, next);
    for (const entry of subscriptions) for (const key of changed) entry.changed.add(key);
    scheduleFlush();
    scheduleAddress();
  }

  // ---- subscriptions ----------------------------------------------------------------------------------------------
  const shown = (element) => element.getClientRects().length > 0;

  function scheduleFlush() {
    if (flushing) return;
    flushing = true;
    queueMicrotask(() => {
      flushing = false;
      for (const entry of [...subscriptions]) deliver(entry);
    });
  }

  function deliver(entry) {
    if (!entry.element.isConnected) {
      if (entry.wasConnected) drop(entry);
      return;
    }
    entry.wasConnected = true;
    const wanted = !entry.keys || entry.keys.some((key) => entry.changed.has(key));
    if (!(wanted || entry.first) || !shown(entry.element)) return;
    const changed = [...entry.changed];
    entry.changed.clear();
    entry.first = false;
    try {
      const answer = entry.fn(state, changed);
      if (answer?.catch) answer.catch((error) => silent.has(error) || reportError(error));
    } catch (error) {
      reportError(error);
    }
  }

  function drop(entry) {
    entry.observer.disconnect();
    subscriptions.delete(entry);
  }

  function subscribe(element, fn, keys = null) {
    const entry = { element, fn, keys, changed: new Set(), first: true, wasConnected: false };
    // An element that becomes visible changes size: that is when deferred news is delivered.
    entry.observer = new ResizeObserver(() => deliver(entry));
    entry.observer.observe(element);
    subscriptions.add(entry);
    deliver(entry);
    return () => drop(entry);
  }

  // ---- server calls -----------------------------------------------------------------------------------------------
  function adopt(element, server) {
    for (const name of Object.keys(server ?? {})) owners.set(server[name], element);
  }

  function call(fn, payload) {
    const line = lines.get(fn) ?? { busy: false, next: null };
    lines.set(fn, line);
    return new Promise((resolve, reject) => {
      line.next?.reject(stale);
      line.next = { payload, resolve, reject };
      if (!line.busy) advance(fn, line);
    });
  }

  // One request at a time per function: of those that wait, only the newest is sent.
  async function advance(fn, line) {
    while (line.next) {
      const { payload, resolve, reject } = line.next;
      const subject = state.subject;
      line.next = null;
      line.busy = true;
      requests += 1;
      const answer = await fn(payload).catch(() => undefined);
      requests -= 1;
      line.busy = false;
      if (line.next && subject !== state.subject) reject(stale);
      else settle(owners.get(fn), answer, resolve, reject);
    }
  }

  // Whether an answer or a piece of news is still under way.
  const busy = () => requests > 0 || flushing;

  function settle(element, answer, resolve, reject) {
    if (answer !== undefined && answer !== null && !answer.error) {
      if (element) clearFailure(element);
      resolve(answer);
      return;
    }
    const failure = new Error(answer?.error ?? "The server did not answer. Check that it still runs, then try again.");
    silent.add(failure);
    if (element) fail(element, failure.message);
    reject(failure);
  }

  window.addEventListener("unhandledrejection", (event) => {
    if (silent.has(event.reason)) event.preventDefault();
  });

  // ---- messages ---------------------------------------------------------------------------------------------------
  function line(element) {
    let found = element.querySelector(".view-status");
    if (!found) {
      found = document.createElement("p");
      found.className = "view-status";
      found.setAttribute("role", "status");
      element.append(found);
    }
    return found;
  }

  function status(element, text) {
    const place = line(element);
    place.textContent = text ?? "";
    place.dataset.tone = text ? "working" : "";
  }

  function fail(element, sentence) {
    const place = line(element);
    place.textContent = sentence;
    place.dataset.tone = "failure";
  }

  function clearFailure(element) {
    const place = element.querySelector(".view-status");
    if (place?.dataset.tone === "failure") status(element, null);
  }

  // ---- address bar ------------------------------------------------------------------------------------------------
  function fromAddress() {
    const query = new URLSearchParams(location.search);
    const found = {};
    for (const key of ["layer", "head"]) if (/^\d{1,4}$/.test(query.get(key) ?? "")) found[key] = Number(query.get(key));
    if (/^(self|encoder|decoder|cross)$/.test(query.get("kind") ?? "")) found.kind = query.get("kind");
    const token = /^(source|target):(\d{1,6})$/.exec(query.get("token") ?? "");
    if (token) found.token = { stack: token[1], position: Number(token[2]) };
    return found;
  }

  function addressParts() {
    const { subject, token } = state;
    const parts = {};
    for (const key of ["layer", "head", "kind", "tab"]) if (!same(state[key], selection[key])) parts[key] = state[key];
    if (token) parts.token = `${token.stack}:${token.position}`;
    for (const [key, initial] of Object.entries(config.controls)) {
      if (!same(state[key], initial)) parts[key] = typeof state[key] === "object" ? JSON.stringify(state[key]) : state[key];
    }
    if (subject) {
      parts.model = subject.model;
      const long = subject.text.length + subject.target.length > config.linkCharacters;
      if (!long) Object.assign(parts, { text: subject.text, target: subject.target });
    }
    return parts;
  }

  function linkIsPartial() {
    const { subject } = state;
    return Boolean(subject) && subject.text.length + subject.target.length > config.linkCharacters;
  }

  function writeAddress() {
    const url = new URL(location.href);
    const owned = [...Object.keys(selection), "model", "text", "target", ...Object.keys(config.controls)];
    for (const key of owned) url.searchParams.delete(key);
    for (const [key, value] of Object.entries(addressParts())) if (value !== "" && value !== null) url.searchParams.set(key, value);
    history.replaceState(history.state, "", url);
  }

  // Before the first subject the address is the visitor's wish; it must not be overwritten.
  function scheduleAddress() {
    clearTimeout(addressTimer);
    if (state.subject) addressTimer = setTimeout(writeAddress, 200);
  }

  // ---- look -------------------------------------------------------------------------------------------------------
  const NAMED = { " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\u00ad": "‐", "\u2028": "↵", "\u2029": "¶" };
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Zs}\p{Co}\p{Cn}]/u;
  const JOINER = /\p{Extended_Pictographic}\u200d|\p{Extended_Pictographic}\ufe0f/u;

  function tokenLabel(text) {
    const keepJoiners = JOINER.test(text);
    const spelled = [...text].map((character) => {
      if (character in NAMED) return NAMED[character];
      if (keepJoiners && character === "\u200d") return character;
      return HIDDEN.test(character) ? `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : character;
    });
    return (/^\p{M}/u.test(text) ? "◌" : "") + spelled.join("");
  }

  const tokenName = (token) => (token.special || token.text === "" ? token.piece : tokenLabel(token.text));
  const dark = () => document.body.classList.contains("dark");

  function scale(colours) {
    const css = colours.map(([red, green, blue]) => `rgb(${red},${green},${blue})`);
    return { lut: Uint8ClampedArray.from(colours.flat()), css, plotly: css.map((colour, index) => [index / 255, colour]) };
  }

  // Colours a node by a share from 0 to 1, with text that can be read on it.
  function shade(node, share) {
    const [red, green, blue] = config.sequential[Math.round(255 * Math.min(1, Math.max(0, share)))];
    node.style.background = `rgb(${red},${green},${blue})`;
    node.style.color = 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? "#111827" : "#ffffff";
  }

  function bytes(base64) {
    const binary = atob(base64);
    const array = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index += 1) array[index] = binary.charCodeAt(index);
    return array;
  }

  const question = (subject = state.subject) => ({ model: subject.model, text: subject.text, target: subject.target });

  return {
    state, set, subscribe, adopt, call, busy, stale, status, fail, tokenLabel, tokenName, dark, shade, bytes, question, linkIsPartial, writeAddress,
    scale: { sequential: scale(config.sequential), diverging: scale(config.diverging) },
  };
})(window.explorerConfig);
