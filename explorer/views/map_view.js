// What a map shows and from where it is looked at: points in the data, a view of them, and how one glides to another.
class MapView {
  static FULL = 65535; // the largest coordinate
  static MARGIN = 36;

  clear() {
    this.count = 0;
    this.dimensions = 2;
    this.points = new Uint16Array(0);
    this.extent = [MapView.FULL, MapView.FULL];
    this.middle = this.extent.map((size) => size / 2).concat(MapView.FULL / 2);
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
    const middle = [0, 1, 2].map(() => MapView.FULL / 2);
    const spread = [0, 0];
    if (dimensions === 3) middle.forEach((_, axis) => (middle[axis] = 0));
    for (let at = 0; at < points.length; at += dimensions) {
      if (dimensions === 3) middle.forEach((_, axis) => (middle[axis] += points[at + axis] / count));
      else spread.forEach((size, axis) => (spread[axis] = Math.max(size, 2 * Math.abs(points[at + axis] - middle[axis]))));
    }
    if (dimensions === 3) spread.fill(2 * this.reach(middle));
    this.middle = middle;
    this.extent = spread.map((size) => Math.max(size, MapView.FULL / 20));
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
    const [across, upwards] = [this.width, this.height].map((size) => Math.max(size - 2 * MapView.MARGIN, 40));
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
    const size = Math.max(...high.map((value, axis) => (axis < this.dimensions ? value - low[axis] : 0)), MapView.FULL / 60);
    const [x, y, z] = low.map((value, axis) => (axis < this.dimensions ? (value + high[axis]) / 2 : this.view.z));
    this.glide({ ...this.view, x, y, z, zoom: Math.min(MapView.FULL / size, 60) });
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
}
