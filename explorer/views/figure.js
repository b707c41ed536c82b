// Draws a Plotly figure; zoom, camera and theme survive new data. Value: {figure: JSON of a figure, name: file name}.
const plot = element.querySelector(".figure-plot");
const Plotly = explorer.Plotly;

function themed(layout) {
  const style = getComputedStyle(document.body);
  const read = (name) => style.getPropertyValue(name).trim();
  const line = read("--border-color-primary");
  const axis = (given) => ({ ...given, gridcolor: line, zerolinecolor: line, linecolor: line });
  const drawn = {
    ...layout, autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    uirevision: layout.uirevision ?? "kept",
    font: { family: read("--font"), ...layout.font, color: read("--body-text-color") },
    hoverlabel: { bgcolor: read("--background-fill-primary"), font: { color: read("--body-text-color") }, ...layout.hoverlabel },
  };
  for (const key of Object.keys(layout)) if (/^[xy]axis\d*$/.test(key)) drawn[key] = axis(layout[key]);
  drawn.xaxis = axis(layout.xaxis ?? {});
  drawn.yaxis = axis(layout.yaxis ?? {});
  return drawn;
}

function configuration() {
  return {
    displaylogo: false, responsive: false, modeBarButtonsToRemove: ["sendChartToCloud"],
    toImageButtonOptions: { format: "png", scale: 2, filename: props.value?.name ?? "figure" },
  };
}

async function draw() {
  const figure = props.value?.figure ? JSON.parse(props.value.figure) : null;
  if (!figure) {
    Plotly.purge(plot);
    plot.dataset.drawn = "0";
    return;
  }
  await Plotly.react(plot, figure.data, themed(figure.layout ?? {}), configuration());
  plot.dataset.drawn = String(Number(plot.dataset.drawn ?? 0) + 1);
}

new ResizeObserver(() => plot.offsetParent && plot.data && Plotly.Plots.resize(plot)).observe(element);
new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ["class"] });
watch("value", draw);
element.drawFigure = (value) => { props.value = value; return draw(); };
draw();
