// The title, the link button, dark or light, and large type for projectors. Value: what a shared link asked for.
const large = element.querySelector("[data-action=large]");
const link = element.querySelector("[data-action=link]");
const dark = element.querySelector("[data-action=dark]");

// What a visitor chose is kept in the browser; a private window forgets it with the page.
function remember(key, on) {
  try { localStorage.setItem(key, on ? "1" : "0"); } catch { /* not allowed here */ }
}

function remembered(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

function setLarge(on) {
  document.documentElement.classList.toggle("large-type", on);
  large.setAttribute("aria-pressed", String(on));
}

function setDark(on) {
  document.body.classList.toggle("dark", on);
  dark.setAttribute("aria-pressed", String(on));
}

function copyBySelection(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.setAttribute("aria-label", "link");
  element.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  return copied;
}

async function copy(text) {
  if (!navigator.clipboard) return copyBySelection(text);
  return navigator.clipboard.writeText(text).then(() => true, () => copyBySelection(text));
}

explorer.copy = copy;
large.addEventListener("click", () => {
  setLarge(large.getAttribute("aria-pressed") !== "true");
  remember("explorer-large-type", large.getAttribute("aria-pressed") === "true");
});
dark.addEventListener("click", () => {
  setDark(!explorer.dark());
  remember("explorer-dark", explorer.dark());
});
link.addEventListener("click", async () => {
  explorer.writeAddress();
  const copied = await copy(location.href);
  const partial = explorer.linkIsPartial() ? " The text is too long for a link and is not in it." : "";
  explorer.status(element, copied ? `Link copied.${partial}` : `Copy the address from the address bar.${partial}`);
});

// Ctrl+Enter runs from anywhere on the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  document.getElementById("run").click();
});

const restore = () => props.value && explorer.set(props.value);
watch("value", restore);
restore();
setLarge(remembered("explorer-large-type") === "1");
// The address may ask for a theme; else what was chosen before holds, else what the system prefers.
const chosen = new URLSearchParams(location.search).has("__theme") ? null : remembered("explorer-dark");
setDark(chosen === null ? explorer.dark() : chosen === "1");
