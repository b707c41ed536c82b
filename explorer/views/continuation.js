// Puts a written continuation into the prompt and runs it, so that every view shows prompt and completion together.
// Value: {sentence} while writing, {sentence, text, target, box} when done; box names the field that was continued.
const line = element.querySelector(".continuation-line");

function fill(id, text) {
  const field = document.querySelector(`#${id} textarea`);
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function take() {
  const { sentence = "", box, written, from } = props.value ?? {};
  line.textContent = sentence;
  if (!box || element.dataset.taken === written) return;
  element.dataset.taken = written;
  fill(box, written);
  explorer.set({ [props.writtenKey]: { text: written, from } });
  // Gradio hears of the new text with its next update; then Run reads it.
  setTimeout(() => document.getElementById("run").click(), 50);
}

watch("value", take);
take();
