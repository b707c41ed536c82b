// Hands a figure to the figure view with this id, which may start a moment later than we do.
async function drawFigure(id, value) {
  for (;;) {
    const box = document.getElementById(id);
    const place = box && [box, ...box.querySelectorAll("*")].find((node) => node.drawFigure);
    if (place) return place.drawFigure(value);
    await new Promise((done) => setTimeout(done, 50));
  }
}
