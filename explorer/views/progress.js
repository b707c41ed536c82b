// How far the run is, with a way to stop waiting, or one sentence about what went wrong.
// Value: {doing, fraction}, {sentence}, or nothing. "halt" stops the run.
const problem = element.querySelector(".problem-line");
const line = element.querySelector(".progress-line");
const bar = element.querySelector("progress");
const doing = element.querySelector(".progress-doing");

function show(value) {
  problem.textContent = value?.sentence ?? "";
  problem.hidden = !value?.sentence;
  line.hidden = !value?.doing;
  doing.textContent = value?.doing ?? "";
  if (value?.fraction === undefined || value.fraction >= 1) bar.removeAttribute("value");
  else bar.value = value.fraction;
}

element.querySelector("button").addEventListener("click", () => trigger("halt"));
watch("value", () => show(props.value));
show(props.value);
