// The title, the link button and large type for projectors. Value: what a shared link asked for.
const large = element.querySelector("[data-action=large]");
const link = element.querySelector("[data-action=link]");
const STORAGE = "explorer-large-type";

function setLarge(on) {
  document.documentElement.classList.toggle("large-type", on);
  large.setAttribute("aria-pressed", String(on));
  try { localStorage.setItem(STORAGE, on ? "1" : "0"); } catch { /* private window: the choice lasts for this page */ }
}

function storedLarge() {
  try { return localStorage.getItem(STORAGE) === "1"; } catch { return false; }
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
large.addEventListener("click", () => setLarge(large.getAttribute("aria-pressed") !== "true"));
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
setLarge(storedLarge());
