// A map of many points on one canvas: what hands and keys do to it, and pictures of it.
// Knows nothing of the page around it; the same files draw the map in an exported document.
class PointMap extends MapLabels {
  static REACH = 9; // how near, in pixels, the pointer has to come

  constructor(host, { name, missing, hover, pick, lasso, moved, calm }) {
    super();
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
