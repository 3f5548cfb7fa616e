// A video element that is stepped by frames: it seeks to the middle of a frame, and says which frame is shown.

import { frameAt, middleOf } from "./timecode.js";

export const SPEEDS = [1, 2, 4, 8];

export class FramePlayer extends EventTarget {
  /** rate: [frames, seconds]; frames: the film's length. Sends "frame" when a frame is shown, "speed" when it changes. */
  constructor(video, rate, frames) {
    super();
    Object.assign(this, { video, rate, frames, wanted: 0, shown: -1, speed: 0, loop: null, next: null });
    const ended = new AbortController();
    const tell = (_, about) => {
      if (ended.signal.aborted) return;
      this.shown = Math.min(this.frames - 1, frameAt(about.mediaTime, this.rate));
      // What was on its way when another frame was sought does not count.
      if (!video.seeking && this.next === null && this.speed >= 0) this.wanted = this.shown;
      this.dispatchEvent(new Event("frame"));
      this.#stayInLoop();
      video.requestVideoFrameCallback(tell);
    };
    video.requestVideoFrameCallback(tell);
    video.addEventListener("seeked", () => {
      if (this.next === null) return;
      const frame = this.next;
      this.next = null;
      this.#set(frame);
    }, ended);
    video.addEventListener("ended", () => this.#atEnd(), ended);
    /** Ends it: its video element is another player's from now on. */
    this.end = () => ended.abort();
  }

  /** Shows a frame, and stops. The last one asked for wins while the browser is still seeking. */
  show(frame) {
    this.stop();
    this.seek(frame);
  }

  /** Goes to a frame without a change of speed. */
  seek(frame) {
    const number = Math.min(Math.max(0, Math.round(frame)), this.frames - 1);
    this.wanted = number;
    if (this.video.seeking) this.next = number;
    else this.#set(number);
  }

  step(by) {
    this.show(this.wanted + by);
  }

  /** Plays at a speed: below 0 backwards, 0 stops. */
  play(speed) {
    if (speed === 0) return this.stop();
    const [first, stop] = this.loop || [0, this.frames];
    // One frame cannot be played: as often as it is shown it would be sought again, without an end.
    if (stop - first < 2) return this.show(first);
    if (speed < 0) {
      this.#pause();
      this.#speed(speed);
      this.#backwards();
      return;
    }
    if (this.wanted >= stop - 1 || this.wanted < first) this.seek(first);
    this.video.playbackRate = speed;
    this.#speed(speed);
    this.video.play().catch(() => this.#speed(0));
  }

  stop() {
    const going = this.speed !== 0;
    const forwards = this.speed > 0;
    this.#pause();
    this.#speed(0);
    if (going && forwards) this.seek(this.wanted);
  }

  toggle() {
    if (this.speed) this.stop();
    else this.play(1);
  }

  /** L and J: faster in a direction, or slower against it, as in an editor. */
  shuttle(direction) {
    const place = SPEEDS.indexOf(Math.abs(this.speed));
    if (Math.sign(this.speed) === direction) this.play(direction * SPEEDS[Math.min(place + 1, SPEEDS.length - 1)]);
    else this.play(direction);
  }

  #pause() {
    this.video.pause();
    this.video.playbackRate = 1;
  }

  #speed(speed) {
    if (this.speed === speed) return;
    this.speed = speed;
    this.dispatchEvent(new Event("speed"));
  }

  #set(frame) {
    this.video.currentTime = middleOf(frame, this.rate);
  }

  // Browsers do not play backwards: frames are sought, as many at a time as have passed since the last.
  #backwards() {
    const started = performance.now();
    const from = this.wanted;
    const speed = this.speed;
    const step = () => {
      if (this.speed !== speed) return;
      const first = this.loop ? this.loop[0] : 0;
      const passed = ((performance.now() - started) / 1000) * (this.rate[0] / this.rate[1]) * speed;
      const frame = Math.max(first, from + Math.round(passed));
      if (!this.video.seeking) this.seek(frame);
      if (frame > first) requestAnimationFrame(step);
      else if (this.loop) this.#again();
      else this.stop();
    };
    requestAnimationFrame(step);
  }

  #again() {
    const speed = this.speed;
    this.#speed(0);
    this.seek(speed > 0 ? this.loop[0] : this.loop[1] - 1);
    this.play(speed);
  }

  #stayInLoop() {
    if (this.loop && this.speed > 0 && !this.video.seeking && this.shown >= this.loop[1] - 1) this.#again();
  }

  #atEnd() {
    if (this.loop && this.speed > 0) this.#again();
    else {
      this.#speed(0);
      this.seek(this.frames - 1);
    }
  }
}
