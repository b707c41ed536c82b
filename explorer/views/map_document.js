// A map as a document of its own, which needs neither this page nor a network.
function documentOf(map, drawn, names) {
  const data = {
    title: drawn.title, caption: drawn.caption, dimensions: drawn.dimensions, points: drawn.points,
    shades: map.shades ? [...map.shades] : null, colours: map.colours, marks: map.marks, names,
  };
  const [red, green, blue] = map.colours.background;
  // Text reaches the document as data only; "<" is written so that no text can end the script.
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Map of vectors</title>
<style>html,body{height:100%;margin:0}body{display:flex;flex-direction:column;font:14px system-ui,sans-serif;background:rgb(${red},${green},${blue});color:${map.colours.text}}
p,h1{margin:8px 16px;font-size:15px}#host{position:relative;flex:1;min-height:300px}canvas{position:absolute;inset:0;width:100%;height:100%;touch-action:none}
input{font:inherit;margin:0 16px 8px}</style>
<h1></h1><p></p><label>Find <input type="search"></label><div id="host"></div>
<script>${[MapView, MapPainter, MapLabels, PointMap].join("\n")}
const data = ${json};
${openDocument.toString()}
openDocument(data);<\/script></html>`;
}

// Runs in the saved document, where nothing of this page exists.
function openDocument(data) {
  document.title = data.title;
  document.querySelector("h1").textContent = data.title;
  document.querySelector("p").textContent = `${data.caption} Drag to move, wheel to zoom, 0 for the whole map.`;
  const bytes = Uint8Array.from(atob(data.points), (character) => character.charCodeAt(0));
  const chart = new PointMap(document.getElementById("host"), {
    name: (index) => data.names[index], missing: () => {}, hover: () => {}, lasso: () => {}, calm: () => true,
    pick: (index) => chart.setPicked(index),
  });
  chart.setPoints(new Uint16Array(bytes.buffer), data.dimensions);
  chart.setLook(data.colours);
  chart.setShades(data.shades && Uint8Array.from(data.shades), data.colours.palette);
  chart.setMarks(data.marks);
  document.querySelector("input").addEventListener("change", (event) => {
    const found = data.names.findIndex((name) => name.replaceAll("·", " ").trim() === event.target.value.trim());
    chart.setPicked(found);
    if (found >= 0) chart.flyTo(found);
  });
}
