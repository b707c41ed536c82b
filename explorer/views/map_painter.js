// The dots of a map, pixel by pixel, so that no graphics card is needed, in two or three dimensions.
class MapPainter extends MapView {
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
    if (this.dimensions === 3) this.paintDeep(dot, solid, solid.map((colour) => MapPainter.blend(colour, ground)));
    else this.paintFlat(dot, solid);
  }

  // The mean of two packed colours, all four channels at once.
  static blend(left, right) {
    return (((left ^ right) & 0xfefefefe) >>> 1) + (left & right);
  }

  // Dots let a quarter of what is below shine through, so that a crowd looks denser than a few.
  paintFlat(dot, solid) {
    const { pixels } = this;
    const { blend } = MapPainter;
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
}
