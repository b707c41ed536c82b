// Writes as SVG what a canvas context would draw; only the strokes the map uses.
class SvgPen {
  constructor(width, height, background, title) {
    this.measure = document.createElement("canvas").getContext("2d");
    this.parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${SvgPen.escape(title)}</title><rect width="100%" height="100%" fill="rgb(${background})"/>`,
    ];
    this.path = "";
  }

  static escape(text) {
    const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    // Control characters may not stand in XML, not even as references.
    return text.replace(/[&<>"]/g, (character) => named[character]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  }

  dots(path, colour, width) {
    this.parts.push(`<path d="${path}" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" fill="none"/>`);
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  lineTo(x, y) {
    this.path += `L${x.toFixed(1)} ${y.toFixed(1)}`;
  }

  arc(x, y, radius) {
    const [left, size] = [(x - radius).toFixed(1), (2 * radius).toFixed(1)];
    this.path += `M${left} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${size} 0a${radius} ${radius} 0 1 0 -${size} 0`;
  }

  stroke() {
    this.parts.push(`<path d="${this.path}" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" fill="none"/>`);
  }

  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  fillRect(left, top, width, height) {
    const box = `x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"`;
    this.parts.push(`<rect ${box} fill="${this.fillStyle}"/>`);
  }

  fillText(text, x, y) {
    const weight = this.font.startsWith("600") ? ' font-weight="600"' : "";
    const place = `x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}"`;
    this.parts.push(
      `<text ${place} font-family="system-ui, sans-serif" font-size="12"${weight} fill="${this.fillStyle}">${SvgPen.escape(text)}</text>`,
    );
  }

  text() {
    return `${this.parts.join("\n")}\n</svg>\n`;
  }
}
