// Drawing over a frame: shapes in shares of the picture, so that they fit it at any size.

export const COLOURS = ["red", "orange", "yellow", "green", "blue", "white", "black"];
export const TOOLS = ["pen", "arrow", "box"];
const LINE = 4; // thousandths of the width
const MOST_SHAPES = 100;
const MOST_POINTS = 5000; // of a drawing, as the server allows
const NEAR = 0.002; // of the picture: points nearer than this to the last add nothing

const stroke = (pen, shape, width, height) => {
  const points = shape.points.map(([x, y]) => [x * width, y * height]);
  const [first] = points;
  const last = points[points.length - 1];
  pen.beginPath();
  if (shape.kind === "box") {
    pen.rect(Math.min(first[0], last[0]), Math.min(first[1], last[1]), Math.abs(last[0] - first[0]), Math.abs(last[1] - first[1]));
  } else {
    pen.moveTo(...first);
    for (const point of shape.kind === "arrow" ? [last] : points) pen.lineTo(...point);
    if (shape.kind === "arrow") {
      const angle = Math.atan2(last[1] - first[1], last[0] - first[0]);
      for (const turn of [2.6, -2.6]) {
        pen.moveTo(...last);
        pen.lineTo(last[0] + 0.03 * width * Math.cos(angle + turn), last[1] + 0.03 * width * Math.sin(angle + turn));
      }
    }
  }
  pen.stroke();
};

export class Drawing {
  /** canvas: lies over the picture; say: tells the reader. */
  constructor(canvas, say) {
    Object.assign(this, { canvas, say, tool: "pen", colour: "red", shapes: [], shown: [], active: false, cursor: [0.5, 0.5], begun: null });
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", () => this.#up());
    canvas.addEventListener("pointercancel", () => this.#up());
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Starts or ends drawing; what was drawn stays until `clear`. */
  activate(active) {
    this.active = active;
    this.canvas.classList.toggle("active", active);
    if (active) this.canvas.setAttribute("tabindex", "0");
    else this.canvas.removeAttribute("tabindex");
    this.draw();
  }

  /** Shows the shapes of a comment. */
  show(shapes) {
    this.shown = shapes;
    this.draw();
  }

  undo() {
    this.shapes.pop();
    this.draw();
  }

  clear() {
    this.shapes = [];
    this.begun = null;
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.lineCap = pen.lineJoin = "round";
    for (const shape of [...this.shown, ...this.shapes]) {
      pen.lineWidth = Math.max(1.5, (shape.width * width) / 1000);
      pen.strokeStyle = getComputedStyle(canvas).getPropertyValue(`--draw-${shape.colour}`);
      pen.shadowColor = "rgb(0 0 0 / .6)";
      pen.shadowBlur = 2;
      stroke(pen, shape, width, height);
    }
    if (this.active && document.activeElement === canvas && canvas.matches(":focus-visible")) this.#drawCursor(pen, width, height);
    canvas.dataset.shapes = String(this.shown.length + this.shapes.length);
  }

  #drawCursor(pen, width, height) {
    const [x, y] = [this.cursor[0] * width, this.cursor[1] * height];
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(x - 10, y);
    pen.lineTo(x + 10, y);
    pen.moveTo(x, y - 10);
    pen.lineTo(x, y + 10);
    pen.stroke();
  }

  #point(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (at, from, size) => Math.min(1, Math.max(0, Math.round(((at - from) / size) * 1e4) / 1e4));
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
  }

  #begin(point) {
    if (this.shapes.length >= MOST_SHAPES || this.#pointCount() > MOST_POINTS - 2) return;
    this.begun = { kind: this.tool, colour: this.colour, width: LINE, points: [point] };
    this.shapes.push(this.begun);
  }

  #extend(point) {
    const { points } = this.begun;
    const [x, y] = points[points.length - 1];
    if (this.begun.kind !== "pen") points[1] = point;
    else if (this.#pointCount() < MOST_POINTS && Math.hypot(point[0] - x, point[1] - y) > NEAR) points.push(point);
    this.draw();
  }

  #pointCount() {
    return this.shapes.reduce((sum, each) => sum + each.points.length, 0);
  }

  #down(event) {
    if (!this.active || event.button !== 0) return;
    event.preventDefault();
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    this.#begin(this.#point(event));
  }

  #move(event) {
    if (this.begun && this.canvas.hasPointerCapture(event.pointerId)) this.#extend(this.#point(event));
  }

  #up() {
    if (this.begun && this.begun.points.length < 2) this.shapes.pop(); // a click draws nothing
    this.begun = null;
    this.draw();
  }

  // Arrow keys move a cross; Enter starts a shape and ends it.
  #key(event) {
    if (!this.active) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (way) {
      const by = event.shiftKey ? 0.1 : 0.01;
      this.cursor = this.cursor.map((at, axis) => Math.min(1, Math.max(0, Math.round((at + way[axis] * by) * 1e4) / 1e4)));
      if (this.begun) this.#extend([...this.cursor]);
      this.say(`${Math.round(this.cursor[0] * 100)} % from the left, ${Math.round(this.cursor[1] * 100)} % from the top`);
    } else if (this.begun) {
      this.#up();
      this.say("Shape drawn");
    } else {
      this.#begin([...this.cursor]);
      this.say("Shape started: move with the arrow keys, end with Enter");
    }
    this.draw();
  }
}
