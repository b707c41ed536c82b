// What lies on top of a map's dots: paths, rings, and names where there is room for them.
class MapLabels extends MapPainter {
  static CELL = { width: 92, height: 20 };
  static CROWD = 5; // points in a cell above which there is no room for a label
  static MOST = 160;

  // Everything on top of the dots. `pen` is a canvas context, or something that writes the same strokes as SVG.
  overlay(pen) {
    const { accent, text } = this.colours;
    pen.font = "12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    this.wanting = new Set();
    for (const [from, to, colour] of this.lines) this.stroke(pen, [this.at(from), this.at(to)], colour ?? accent, 1.4);
    for (let end = this.every - 1; this.every && end < this.count; end += this.every) {
      this.ring(pen, this.at(end), 4, `rgb(${this.colours.palette[this.shades?.[end] ?? 0]})`, 3);
    }
    for (const index of this.group) this.ring(pen, this.at(index), 5, text, 1.5);
    for (const mark of this.marks) this.ring(pen, this.at(mark.index), 7, accent, 2.5);
    if (this.picked >= 0) this.ring(pen, this.at(this.picked), 9, text, 2.5);
    const taken = [];
    const told = new Set();
    const ends = this.every ? [] : this.lines.map(([, to]) => to);
    for (const index of [this.picked, this.hovered]) this.label(pen, index, taken, told, "strong");
    for (const mark of this.marks) this.label(pen, mark.index, taken, told, "mark", mark.name);
    for (const index of ends) this.label(pen, index, taken, told, "strong");
    for (const index of this.roomy()) this.label(pen, index, taken, told, "plain");
    if (this.outline.length > 1) this.stroke(pen, [...this.outline, this.outline[0]], accent, 1.5);
    if (this.wanting.size) {
      clearTimeout(this.asking);
      this.asking = setTimeout(() => this.ask(), 90); // once the hand rests
    }
  }

  stroke(pen, places, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    places.forEach(([x, y], step) => (step ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }

  ring(pen, [x, y], radius, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  label(pen, index, taken, told, tone, given) {
    if (index < 0 || told.has(index)) return;
    const [x, y] = this.at(index);
    if (!(x > -4 && y > 0 && x < this.width && y < this.height)) return;
    const name = given ?? this.name(index);
    if (name === undefined) {
      this.wanting.add(index);
      return;
    }
    if (name === "") return;
    const width = pen.measureText(name).width + 6;
    const left = x + 10 + width > this.width ? x - 10 - width : x + 10;
    const box = [left - 2, y - 9, left + width, y + 9];
    const clash = taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    if (clash && !(tone === "strong" && told.size < 2)) return;
    taken.push(box);
    told.add(index);
    this.write(pen, name, box, tone);
  }

  write(pen, name, [left, top, right, bottom], tone) {
    const [red, green, blue] = this.colours.background;
    pen.fillStyle = `rgba(${red},${green},${blue},${tone === "plain" ? 0.72 : 0.9})`;
    pen.fillRect(left, top, right - left, bottom - top);
    pen.fillStyle = tone === "mark" ? this.colours.accent : tone === "strong" ? this.colours.text : this.colours.quiet;
    pen.font = `${tone === "plain" ? "" : "600 "}12px system-ui, sans-serif`;
    pen.fillText(name, left + 3, (top + bottom) / 2);
    pen.font = "12px system-ui, sans-serif";
  }

  // Points that stand where few others do, at most one per cell of the screen; in vocabularies the first are the commonest.
  roomy() {
    if (this.chosenLabels) return this.chosenLabels;
    const { width, height } = MapLabels.CELL;
    const columns = Math.ceil(this.width / width);
    const cells = new Uint16Array(columns * Math.ceil(this.height / height));
    const cellOf = (index) => {
      const [x, y] = this.at(index);
      return x >= 0 && y >= 0 && x < this.width && y < this.height ? Math.floor(y / height) * columns + Math.floor(x / width) : -1;
    };
    for (let index = 0; index < this.count; index += 1) {
      const cell = cellOf(index);
      if (cell >= 0 && cells[cell] < 60000) cells[cell] += 1;
    }
    const chosen = [];
    const step = this.every || 1;
    for (let index = step - 1; index < this.count && chosen.length < MapLabels.MOST; index += step) {
      const cell = cellOf(index);
      if (cell < 0 || (cells[cell] > MapLabels.CROWD && !this.every)) continue;
      chosen.push(index);
      if (!this.every) cells[cell] = 65535;
    }
    this.chosenLabels = chosen;
    return chosen;
  }

  ask() {
    const wanted = [...this.wanting].filter((index) => this.name(index) === undefined);
    if (wanted.length) this.missing(wanted);
  }
}
