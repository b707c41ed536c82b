// One sentence about what went wrong with the last run, or nothing. Value: {sentence}.
const place = element.querySelector(".problem-line");

function show() {
  place.textContent = props.value?.sentence ?? "";
  place.hidden = !place.textContent;
}

watch("value", show);
show();
