// Two films in frame step: the other lies over the film, and a handle says how much of it is seen.

import { FramePlayer } from "./frame_player.js";

export class Compare {
  /** stage: the element that holds both; player: that of the film; say: tells the reader. */
  constructor(stage, player, say) {
    this.video = stage.querySelector(".other");
    this.handle = stage.querySelector(".wipe");
    Object.assign(this, { stage, player, say, other: null, share: 50, mode: "off", shift: 0 });
    player.addEventListener("frame", () => this.#follow());
    player.addEventListener("speed", () => this.#follow());
    this.handle.addEventListener("keydown", (event) => this.#key(event));
    this.handle.addEventListener("pointerdown", (event) => this.handle.setPointerCapture(event.pointerId));
    this.handle.addEventListener("pointermove", (event) => {
      if (!this.handle.hasPointerCapture(event.pointerId)) return;
      const box = this.stage.getBoundingClientRect();
      this.place((100 * (event.clientX - box.left)) / box.width);
    });
  }

  /** film: {url, rate, frames, name}, or null for none; mode: "wipe", "over" (the other alone) or "difference". */
  open(film, mode) {
    this.mode = film ? mode : "off";
    this.stage.dataset.compare = this.mode;
    this.video.hidden = !film;
    this.handle.hidden = this.mode !== "wipe";
    if (!film) {
      this.video.removeAttribute("src");
      this.video.load();
      this.other?.end();
      this.other = null;
      return;
    }
    if (this.video.getAttribute("src") !== film.url) {
      this.other?.end();
      this.video.src = film.url;
      this.other = new FramePlayer(this.video, film.rate, film.frames);
      this.other.addEventListener("frame", () => {
        this.stage.dataset.other = String(this.other.shown);
      });
      this.video.addEventListener("loadeddata", () => this.#follow(), { once: true });
    }
    this.handle.setAttribute("aria-label", `How much of ${film.name} is shown`);
    this.place(this.share);
    this.#follow();
  }

  /** share: in %, from the left: up to there the other film is shown. */
  place(share) {
    this.share = Math.min(100, Math.max(0, share));
    this.video.style.clipPath = this.mode === "wipe" ? `inset(0 ${100 - this.share}% 0 0)` : "";
    this.handle.style.left = `${this.share}%`;
    this.handle.setAttribute("aria-valuenow", String(Math.round(this.share)));
  }

  // Equal times are shown: a reference may have another rate.
  #follow() {
    const { other, player, video } = this;
    if (!other || video.readyState < 2) return;
    const seconds = ((player.speed ? player.shown : player.wanted) + 0.5) * (player.rate[1] / player.rate[0]);
    const at = Math.max(0, Math.floor(seconds * (other.rate[0] / other.rate[1])));
    const frame = Math.min(other.frames - 1, at);
    // Behind its end it stands still: played there, it would begin again and be sought, with every frame of the film.
    if (player.speed > 0 && player.video.readyState > 2 && frame === at) {
      // A seek that is on its way ends first: begun anew with each frame, it would never end on a slow machine.
      if (!video.seeking && Math.abs(video.currentTime - player.video.currentTime) > 1.5 / (other.rate[0] / other.rate[1])) video.currentTime = player.video.currentTime;
      video.playbackRate = player.speed;
      if (video.paused) video.play().catch(() => {});
    } else {
      if (!video.paused) video.pause();
      if (other.shown !== frame || other.wanted !== frame) other.seek(frame);
    }
  }

  #key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -100, End: 100 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.place(this.share + by * (event.shiftKey ? 10 : 1));
  }
}
