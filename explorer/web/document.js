// Documents of their own: a module of ours, and all it imports, in one HTML file that needs neither this page nor a
// network. The modules stand in an import map as `data:` addresses, under bare names, so that they find each other.

import { config } from "./configuration.js";
import { locale } from "./language.js";
import { escaped } from "./svg.js";

/** @typedef {{title: string, entry: string, data: unknown, style?: string}} Contents */
/** @typedef {(address: string) => Promise<string>} Fetching */

const FROM = /(\bfrom\s+|^import\s+)"(\.[^"]+)"/gm; // as the formatter leaves them
const DYNAMIC = /\bimport\s*\(\s*[^)\s]/;
// The browser itself refuses whatever the file could ask for outside.
const POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data: blob:";

/**
 * The document that calls `open(data)` of the module `entry`, in an empty `<main>`.
 * @param {Contents} contents `entry` is a whole address; `data` is plain values; `style` is CSS of our own
 * @returns {Promise<string>}
 */
export async function selfContained({ title, entry, data, style = "" }) {
  const home = new URL("..", import.meta.url).href;
  const modules = await gathered(entry, home, fetchText);
  return written({ title, entry: nameOf(entry, home), data, style }, modules);
}

/** @type {Fetching} */
async function fetchText(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The script ${address} could not be loaded.`);
  return response.text();
}

/**
 * A bare name for a module: its address as seen from `home`.
 * @param {string} address
 * @param {string} home ending in a slash
 */
export function nameOf(address, home) {
  if (!address.startsWith(home)) throw new Error(`The script ${address} lies outside ${home}.`);
  return `explorer/${address.slice(home.length)}`;
}

/**
 * The texts of a module and of all it imports, by bare name, each importing the others by bare names.
 * @param {string} entry
 * @param {string} home
 * @param {Fetching} fetching
 * @returns {Promise<Map<string, string>>}
 */
export async function gathered(entry, home, fetching) {
  /** @type {Map<string, string>} */
  const modules = new Map();
  const waiting = [entry];
  for (let address = waiting.pop(); address; address = waiting.pop()) {
    const name = nameOf(address, home);
    if (modules.has(name)) continue;
    const { text, imports } = rewritten(await fetching(address), address, home);
    modules.set(name, text);
    waiting.push(...imports);
  }
  return modules;
}

/**
 * A module whose relative imports are bare names, and the addresses it imports.
 * @param {string} text
 * @param {string} address
 * @param {string} home
 */
function rewritten(text, address, home) {
  /** @type {string[]} */
  const imports = [];
  const code = withoutComments(text);
  if (DYNAMIC.test(code))
    throw new Error(`The script ${address} imports while it runs, which a saved document cannot.`);
  const bare = code.replace(FROM, (_, start, specifier) => {
    const wanted = new URL(specifier, address).href;
    imports.push(wanted);
    return `${start}"${nameOf(wanted, home)}"`;
  });
  return { text: bare, imports };
}

/**
 * Comments that fill their lines are left out: types for the checker may name modules that the document does not need.
 * @param {string} text
 */
const withoutComments = (text) =>
  text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n/gm, "").replace(/^[ \t]*\/\/.*\n/gm, "");

/**
 * Text reaches the document as data only; "<" is written so that no text can end the script.
 * @param {unknown} value
 */
const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * @param {{title: string, entry: string, data: unknown, style: string}} contents `entry` is a bare name
 * @param {Map<string, string>} modules
 */
export function written({ title, entry, data, style }, modules) {
  const address = (/** @type {string} */ text) => `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;
  const imports = Object.fromEntries([...modules].map(([name, text]) => [name, address(text)]));
  const { language, sentences, sequential, diverging, saying } = config;
  const configuration = { language, sentences, sequential, diverging, saying, controls: {} };
  return `<!doctype html>
<html lang="${escaped(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}
</style>
<script type="application/json" id="explorer-configuration">${json(configuration)}</script>
<script type="application/json" id="explorer-data">${json(data)}</script>
<script type="importmap">${json({ imports })}</script>
</head>
<body>
<main></main>
<script type="module">
import { open } from "${entry}";
open(JSON.parse(document.getElementById("explorer-data").textContent));
</script>
</body>
</html>
`;
}
