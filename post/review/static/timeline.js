// The film as a strip: thumbnails, waveform, cuts, what differs, the loop, markers, and the frame that is shown.

const THUMBS = 54; // CSS pixels: the heights of the rows
const WAVE = 34;

const colourOf = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

export class Timeline {
  /** strip: the slider; film: its data; player: a FramePlayer; say: writes a frame's timecode. */
  constructor(strip, film, player, say) {
    Object.assign(this, { strip, film, player, say, changed: [], peaks: [], sprite: null });
    this.canvas = strip.querySelector("canvas");
    this.head = strip.querySelector(".playhead");
    this.markers = strip.querySelector(".markers");
    strip.setAttribute("aria-valuemax", String(film.frames - 1));
    player.addEventListener("frame", () => this.follow());
    new ResizeObserver(() => this.draw()).observe(strip);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.#pointer();
    if (film.thumbnails) this.#loadSprite(film.thumbnails.url);
    this.follow();
  }

  /** Shows where the film stands. */
  follow() {
    const frame = Math.max(0, this.player.shown);
    this.head.style.left = `${this.#share(frame + 0.5)}%`;
    this.strip.setAttribute("aria-valuenow", String(frame));
    this.strip.setAttribute("aria-valuetext", `frame ${frame}, ${this.say(frame)}`);
  }

  /** marks: [{at, stop, kind, title}]; those of a kind stand in a row. */
  showMarks(marks) {
    this.markers.replaceChildren(...marks.map((mark) => {
      const item = document.createElement("span");
      item.className = `marker ${mark.kind}`;
      item.title = mark.title;
      item.style.left = `${this.#share(mark.at + 0.5)}%`;
      if (mark.stop > mark.at + 1) item.style.width = `max(.55rem, ${this.#share(mark.stop - mark.at)}%)`;
      item.addEventListener("pointerdown", (event) => {
        event.stopPropagation();
        this.player.show(mark.at);
        mark.open?.();
      });
      return item;
    }));
  }

  /** spans: [[first, stop)] that differ from another revision. */
  showChanged(spans) {
    this.changed = spans;
    this.draw();
  }

  /** peaks: the loudest sample of each column, 0..1; the columns fill the film's length. */
  showPeaks(peaks) {
    this.peaks = peaks;
    this.draw();
  }

  draw() {
    const { canvas } = this;
    const width = this.strip.clientWidth;
    if (!width) return;
    const height = THUMBS + WAVE;
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = colourOf(canvas, "--wash");
    pen.fillRect(0, 0, width, height);
    this.#drawThumbnails(pen, width);
    this.#drawWaveform(pen, width);
    this.#drawCuts(pen, width, height);
    this.#drawChanged(pen, width, height);
    this.#drawLoop(pen, width, height);
  }

  #share(frame) {
    return (100 * frame) / this.film.frames;
  }

  #x(frame, width) {
    return (frame / this.film.frames) * width;
  }

  #loadSprite(url) {
    const image = new Image();
    image.addEventListener("load", () => {
      this.sprite = image;
      this.draw();
    });
    image.src = url;
  }

  #drawThumbnails(pen, width) {
    const { thumbnails, frames } = this.film;
    if (!this.sprite || !thumbnails) return;
    const { columns, width: wide, height: high, frames: at } = thumbnails;
    const each = Math.max(24, (THUMBS * wide) / high);
    for (let x = 0; x < width; x += each) {
      const frame = ((x + each / 2) / width) * frames;
      let nearest = 0;
      while (nearest + 1 < at.length && Math.abs(at[nearest + 1] - frame) <= Math.abs(at[nearest] - frame)) nearest += 1;
      const left = (nearest % columns) * wide;
      const top = Math.floor(nearest / columns) * high;
      pen.drawImage(this.sprite, left, top, wide, high, x, 0, each, THUMBS);
    }
  }

  #drawWaveform(pen, width) {
    const { peaks } = this;
    if (!peaks.length) return;
    pen.fillStyle = colourOf(this.canvas, "--wave");
    const middle = THUMBS + WAVE / 2;
    for (let x = 0; x < width; x += 1) {
      const first = Math.floor((x / width) * peaks.length);
      const stop = Math.max(first + 1, Math.floor(((x + 1) / width) * peaks.length));
      let peak = 0;
      for (let place = first; place < stop; place += 1) peak = Math.max(peak, peaks[place]);
      const half = Math.max(0.5, Math.min(1, peak) * (WAVE / 2 - 2));
      pen.fillRect(x, middle - half, 1, 2 * half);
    }
  }

  #drawCuts(pen, width, height) {
    pen.fillStyle = colourOf(this.canvas, "--ink");
    for (const cut of this.film.cuts) pen.fillRect(Math.round(this.#x(cut, width)), THUMBS - 6, 1, height - THUMBS + 6);
  }

  #drawChanged(pen, width, height) {
    pen.fillStyle = colourOf(this.canvas, "--changed");
    for (const [first, stop] of this.changed) {
      const x = this.#x(first, width);
      pen.fillRect(x, height - 4, Math.max(2, this.#x(stop, width) - x), 4);
    }
  }

  #drawLoop(pen, width, height) {
    const { loop } = this.player;
    if (!loop) return;
    const [first, stop] = loop.map((frame) => this.#x(frame, width));
    pen.fillStyle = colourOf(this.canvas, "--shade");
    pen.fillRect(0, 0, first, height);
    pen.fillRect(stop, 0, width - stop, height);
    pen.fillStyle = colourOf(this.canvas, "--far");
    pen.fillRect(first, 0, 2, height);
    pen.fillRect(stop - 2, 0, 2, height);
  }

  #pointer() {
    const go = (event) => {
      const box = this.strip.getBoundingClientRect();
      this.player.show(Math.floor(((event.clientX - box.left) / box.width) * this.film.frames));
    };
    this.strip.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.strip.setPointerCapture(event.pointerId);
      go(event);
    });
    this.strip.addEventListener("pointermove", (event) => {
      if (this.strip.hasPointerCapture(event.pointerId)) go(event);
    });
  }
}
