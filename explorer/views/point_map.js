// A map of many points on one canvas, in two or three dimensions: drawn pixel by pixel, so that no graphics card is needed.
// Knows nothing of the page around it; the same file draws the map in an exported document.
class PointMap {
  static FULL = 65535;
  static MARGIN = 36;
  static REACH = 9; // how near, in pixels, the pointer has to come
  static CELL = { width: 92, height: 20 };
  static CROWD = 5; // points in a cell above which there is no room for a label
  static LABELS = 160;

  constructor(host, { name, missing, hover, pick, lasso, moved, calm }) {
    Object.assign(this, { host, name, missing, hover, pick, lasso, moved, calm });
    this.canvas = document.createElement("canvas");
    this.canvas.className = "map-canvas";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.context = this.canvas.getContext("2d", { alpha: false });
    host.append(this.canvas);
    this.tool = "move";
    this.colours = { background: [255, 255, 255], text: "#111", quiet: "#666", accent: "#4f46e5", palette: [[90, 90, 90]] };
    this.clear();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize();
  }

  // ---- what is shown ------------------------------------------------------------------------------------------------
  clear() {
    this.count = 0;
    this.dimensions = 2;
    this.points = new Uint16Array(0);
    this.extent = [PointMap.FULL, PointMap.FULL];
    this.middle = this.extent.map((size) => size / 2).concat(PointMap.FULL / 2);
    this.shades = null;
    this.every = 0;
    this.marks = [];
    this.lines = [];
    this.picked = -1;
    this.group = [];
    this.outline = [];
    this.hovered = -1;
    this.reset(false);
  }

  setPoints(points, dimensions) {
    this.clear();
    this.dimensions = dimensions;
    this.count = points.length / dimensions;
    this.points = points;
    this.screen = new Float32Array(this.count * 2);
    this.near = new Float32Array(dimensions === 3 ? this.count : 0);
    this.measure();
    this.reset(false);
  }

  // How much of the square, or cube, the points fill; the few that lie far out in 3-D may leave the frame.
  measure() {
    const { points, dimensions, count } = this;
    const middle = [0, 1, 2].map(() => PointMap.FULL / 2);
    const spread = [0, 0];
    if (dimensions === 3) middle.forEach((_, axis) => (middle[axis] = 0));
    for (let at = 0; at < points.length; at += dimensions) {
      if (dimensions === 3) middle.forEach((_, axis) => (middle[axis] += points[at + axis] / count));
      else spread.forEach((size, axis) => (spread[axis] = Math.max(size, 2 * Math.abs(points[at + axis] - middle[axis]))));
    }
    if (dimensions === 3) spread.fill(2 * this.reach(middle));
    this.middle = middle;
    this.extent = spread.map((size) => Math.max(size, PointMap.FULL / 20));
  }

  reach([x, y, z]) {
    const { points, count } = this;
    const far = Float32Array.from({ length: count }, (_, index) =>
      Math.hypot(points[3 * index] - x, points[3 * index + 1] - y, points[3 * index + 2] - z)).sort();
    return far[Math.floor((count - 1) * 0.98)] ?? 0;
  }

  setShades(shades, palette) {
    this.shades = shades;
    this.colours.palette = palette;
    this.request();
  }

  setLook(look) {
    Object.assign(this.colours, look);
    this.request();
  }

  setMarks(marks) {
    this.marks = marks;
    this.request(true);
  }

  setPicked(index, lines = []) {
    this.picked = index;
    this.lines = lines;
    this.request(true);
  }

  // Points come in runs of this length, whose last is drawn larger: a path and its end.
  setEnds(every) {
    this.every = every;
    this.request();
  }

  setGroup(group) {
    this.group = group;
    this.request(true);
  }

  // ---- where one looks from -----------------------------------------------------------------------------------------
  reset(smooth = true) {
    const [x, y, z] = this.middle;
    const view = { x, y, z, zoom: 1, yaw: 0.6, pitch: 0.4 };
    if (smooth) this.glide(view);
    else {
      this.view = view;
      this.request();
    }
  }

  unit() {
    const [across, upwards] = [this.width, this.height].map((size) => Math.max(size - 2 * PointMap.MARGIN, 40));
    return Math.min(across / this.extent[0], upwards / this.extent[1]) * this.view.zoom;
  }

  zoomBy(factor, at = { x: this.width / 2, y: this.height / 2 }) {
    const zoom = Math.min(Math.max(this.view.zoom * factor, 0.5), 400);
    const change = 1 / this.unit();
    this.view.zoom = zoom;
    const shift = change - 1 / this.unit();
    this.shift((at.x - this.width / 2) * shift, (at.y - this.height / 2) * shift);
    this.request();
  }

  shift(right, down) {
    const [u, v] = this.axes();
    for (const [axis, key] of ["x", "y", "z"].entries()) this.view[key] += u[axis] * right + v[axis] * down;
  }

  panBy(right, down) {
    const unit = this.unit();
    this.shift(-right / unit, -down / unit);
    this.request();
  }

  turnBy(right, down) {
    this.view.yaw += right / 160;
    this.view.pitch = Math.min(Math.max(this.view.pitch + down / 160, -1.55), 1.55);
    this.request();
  }

  // The directions in the data that lie to the right, downwards and towards the reader.
  axes() {
    if (this.dimensions === 2) return [[1, 0, 0], [0, -1, 0], [0, 0, 1]];
    const { yaw, pitch } = this.view;
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    return [[cy, 0, sy], [-sy * sp, -cp, cy * sp], [-sy * cp, sp, cy * cp]];
  }

  flyTo(index, zoom = Math.max(this.view.zoom, 6)) {
    const at = this.dimensions * index;
    const [x, y, z] = this.points.subarray(at, at + this.dimensions);
    this.glide({ ...this.view, x, y, z: z ?? this.view.z, zoom });
  }

  frame(indexes) {
    if (!indexes.length) return;
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const index of indexes) for (let axis = 0; axis < this.dimensions; axis += 1) {
      const value = this.points[index * this.dimensions + axis];
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    }
    const size = Math.max(...high.map((value, axis) => (axis < this.dimensions ? value - low[axis] : 0)), PointMap.FULL / 60);
    const [x, y, z] = low.map((value, axis) => (axis < this.dimensions ? (value + high[axis]) / 2 : this.view.z));
    this.glide({ ...this.view, x, y, z, zoom: Math.min(PointMap.FULL / size, 60) });
  }

  glide(target) {
    const from = { ...this.view };
    const began = performance.now();
    const length = this.calm() ? 0 : 350;
    const step = (now) => {
      const share = length ? Math.min((now - began) / length, 1) : 1;
      const eased = 1 - (1 - share) ** 3;
      for (const key of ["x", "y", "z", "yaw", "pitch"]) this.view[key] = from[key] + (target[key] - from[key]) * eased;
      this.view.zoom = from.zoom * (target.zoom / from.zoom) ** eased;
      this.request();
      if (share < 1) this.flight = requestAnimationFrame(step);
    };
    cancelAnimationFrame(this.flight);
    step(began);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------
  resize() {
    const { clientWidth, clientHeight } = this.host;
    if (!clientWidth || !clientHeight) return;
    this.ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.width = clientWidth;
    this.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * this.ratio);
    this.canvas.height = Math.round(clientHeight * this.ratio);
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.depth = null;
    this.request();
  }

  request(overlayOnly = false) {
    this.stale = this.stale || !overlayOnly;
    if (this.waiting || !this.width) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw() {
    if (!this.width) return;
    if (this.stale) {
      this.place();
      this.paint();
      this.chosenLabels = null;
      this.moved?.(this.view);
    }
    this.stale = false;
    this.context.putImageData(this.image, 0, 0);
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.overlay(this.context);
    this.host.dataset.drawn = Number(this.host.dataset.drawn ?? 0) + 1;
  }

  place() {
    const { points, screen, near, dimensions, count } = this;
    const [right, down, toward] = this.axes();
    const unit = this.unit();
    const { x, y, z } = this.view;
    const [middleX, middleY] = [this.width / 2, this.height / 2];
    for (let index = 0; index < count; index += 1) {
      const at = index * dimensions;
      const dx = points[at] - x;
      const dy = points[at + 1] - y;
      if (dimensions === 2) {
        screen[2 * index] = middleX + dx * unit;
        screen[2 * index + 1] = middleY - dy * unit;
        continue;
      }
      const dz = points[at + 2] - z;
      screen[2 * index] = middleX + (dx * right[0] + dy * right[1] + dz * right[2]) * unit;
      screen[2 * index + 1] = middleY + (dx * down[0] + dy * down[1] + dz * down[2]) * unit;
      near[index] = dx * toward[0] + dy * toward[1] + dz * toward[2];
    }
  }

  paint() {
    const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    const ground = packed(this.colours.background);
    this.pixels.fill(ground);
    const solid = Uint32Array.from(this.colours.palette, packed);
    const dot = this.dot();
    if (this.dimensions === 3) this.paintDeep(dot, solid, solid.map((colour) => PointMap.blend(colour, ground)));
    else this.paintFlat(dot, solid);
  }

  // The mean of two packed colours, all four channels at once.
  static blend(left, right) {
    return (((left ^ right) & 0xfefefefe) >>> 1) + (left & right);
  }

  // Dots let a quarter of what is below shine through, so that a crowd looks denser than a few.
  paintFlat(dot, solid) {
    const { pixels } = this;
    const { blend } = PointMap;
    for (let index = 0; index < this.count; index += 1) {
      const at = this.pixel(index, dot.reach);
      if (at < 0) continue;
      const colour = solid[this.shades ? this.shades[index] : 0];
      for (const offset of dot.inside) pixels[at + offset] = blend(colour, blend(colour, pixels[at + offset]));
      for (const offset of dot.rim) pixels[at + offset] = blend(colour, pixels[at + offset]);
    }
  }

  // Near points hide far ones; far ones are paler, which is what makes the cloud look deep.
  paintDeep(dot, solid, pale) {
    const size = this.canvas.width * this.canvas.height;
    if (this.depth?.length !== size) this.depth = new Float32Array(size);
    const { depth, pixels, near } = this;
    depth.fill(-Infinity);
    for (let index = 0; index < this.count; index += 1) {
      const at = this.pixel(index, dot.reach);
      if (at < 0) continue;
      const shade = this.shades ? this.shades[index] : 0;
      const colour = (near[index] < -this.extent[0] / 6 ? pale : solid)[shade];
      for (const offset of dot.inside) {
        if (depth[at + offset] > near[index]) continue;
        depth[at + offset] = near[index];
        pixels[at + offset] = colour;
      }
    }
  }

  // Where a dot's middle stands in the image; −1 where part of the dot would fall outside.
  pixel(index, reach) {
    const { width, height } = this.canvas;
    const x = Math.round(this.screen[2 * index] * this.ratio);
    const y = Math.round(this.screen[2 * index + 1] * this.ratio);
    return x < reach || y < reach || x >= width - reach || y >= height - reach ? -1 : y * width + x;
  }

  // Offsets of a dot's pixels: its inside, and a rim that makes it look round.
  dot() {
    const crowd = this.count / Math.max(this.view.zoom, 1) / 1500;
    const radius = Math.min(Math.max(3.4 / Math.sqrt(Math.max(crowd, 0.5)), 1), 3.6) * this.ratio;
    const inside = [];
    const rim = [];
    const reach = Math.ceil(radius + 0.5);
    for (let y = -reach; y <= reach; y += 1) for (let x = -reach; x <= reach; x += 1) {
      const far = Math.hypot(x, y);
      if (far <= radius - 0.4) inside.push(y * this.canvas.width + x);
      else if (far <= radius + 0.4) rim.push(y * this.canvas.width + x);
    }
    return { reach, inside: Int32Array.from(inside), rim: Int32Array.from(rim) };
  }

  at(index) {
    return [this.screen[2 * index], this.screen[2 * index + 1]];
  }

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
    const { width, height } = PointMap.CELL;
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
    for (let index = step - 1; index < this.count && chosen.length < PointMap.LABELS; index += step) {
      const cell = cellOf(index);
      if (cell < 0 || (cells[cell] > PointMap.CROWD && !this.every)) continue;
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

  // ---- hands --------------------------------------------------------------------------------------------------------
  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => this.up(event));
    canvas.addEventListener("pointerleave", () => this.setHovered(-1));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), this.spot(event));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.fingers = new Map();
  }

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const spot = this.spot(event);
    this.fingers.set(event.pointerId, spot);
    this.travelled = 0;
    if (this.tool === "lasso") this.outline = [[spot.x, spot.y]];
  }

  drag(event) {
    const spot = this.spot(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      this.setHovered(this.closest(spot));
      return;
    }
    const [right, down] = [spot.x - before.x, spot.y - before.y];
    this.travelled += Math.abs(right) + Math.abs(down);
    if (this.fingers.size === 2) this.pinch(event, spot);
    else if (this.tool === "lasso") {
      this.outline.push([spot.x, spot.y]);
      this.request(true);
    } else if (this.dimensions === 3 && !event.shiftKey && event.buttons !== 2) this.turnBy(right, down);
    else this.panBy(right, down);
    this.fingers.set(event.pointerId, spot);
  }

  pinch(event, spot) {
    const [, other] = [...this.fingers].find(([id]) => id !== event.pointerId);
    const before = this.fingers.get(event.pointerId);
    const wide = (place) => Math.max(Math.hypot(place.x - other.x, place.y - other.y), 10);
    this.zoomBy(wide(spot) / wide(before), { x: (spot.x + other.x) / 2, y: (spot.y + other.y) / 2 });
  }

  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    if (this.tool === "lasso" && this.outline.length > 2) this.lasso(this.inside(this.outline));
    else if (event.type === "pointerup" && this.travelled < 5) this.pick(this.closest(this.spot(event)));
    this.outline = [];
    this.request(true);
  }

  key(event) {
    const steps = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] };
    const move = steps[event.key];
    if (move && this.dimensions === 3 && !event.shiftKey) this.turnBy(-move[0] / 2, -move[1] / 2);
    else if (move) this.panBy(...move);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.4);
    else if (event.key === "-") this.zoomBy(1 / 1.4);
    else if (event.key === "0") this.reset();
    else return;
    event.preventDefault();
  }

  setHovered(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.canvas.style.cursor = index >= 0 ? "pointer" : "";
    this.hover(index);
    this.request(true);
  }

  closest({ x, y }) {
    let best = PointMap.REACH ** 2;
    let found = -1;
    for (let index = 0; index < this.count; index += 1) {
      const far = (this.screen[2 * index] - x) ** 2 + (this.screen[2 * index + 1] - y) ** 2;
      if (far < best) [best, found] = [far, index];
    }
    return found;
  }

  visible() {
    return this.inside([[0, 0], [this.width, 0], [this.width, this.height], [0, this.height]]);
  }

  inside(outline) {
    const found = [];
    for (let index = 0; index < this.count; index += 1) {
      const [x, y] = this.at(index);
      let within = false;
      for (let here = 0, before = outline.length - 1; here < outline.length; before = here, here += 1) {
        const [[ax, ay], [bx, by]] = [outline[here], outline[before]];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
      }
      if (within) found.push(index);
    }
    return found;
  }

  // ---- pictures -----------------------------------------------------------------------------------------------------
  png() {
    this.draw();
    return new Promise((done) => this.canvas.toBlob(done, "image/png"));
  }

  svg(title) {
    const pen = new SvgPen(this.width, this.height, this.colours.background, title);
    const paths = new Map();
    const radius = this.dot().reach / this.ratio;
    for (let index = 0; index < this.count; index += 1) {
      const [x, y] = this.at(index);
      if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
      const shade = this.shades ? this.shades[index] : 0;
      if (!paths.has(shade)) paths.set(shade, []);
      paths.get(shade).push(`M${x.toFixed(1)} ${y.toFixed(1)}h0`);
    }
    for (const [shade, parts] of paths) pen.dots(parts.join(""), `rgb(${this.colours.palette[shade]})`, radius * 2);
    this.overlay(pen);
    return pen.text();
  }
}

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
