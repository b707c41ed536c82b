// Example texts for the kind of model at hand. Value: {samples: [{text, target}], chosen}; choosing one triggers "pick".
const list = element.querySelector(".examples-list");

function show() {
  list.replaceChildren(...(props.value?.samples ?? []).map((sample) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "example";
    button.dir = "auto";
    button.textContent = sample.target ? `${sample.text} → ${sample.target}` : sample.text;
    button.addEventListener("click", () => {
      props.value = { ...props.value, chosen: sample };
      trigger("pick");
    });
    return button;
  }));
}

watch("value", show);
show();
