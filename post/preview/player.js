"use strict";
(() => {
  const started = performance.now();
  const byId = (id) => document.getElementById(id);
  const { state: first, inline } = JSON.parse(byId("film").textContent);
  const video = byId("video");
  const page = Math.random().toString(36).slice(2);
  const AHEAD = 120, BEHIND = 60; // seconds of the film that are held around the place that is shown
  const EVERY = 200; // ms between two looks at what is made
  let state = first, source = null, buffer = null, media = null, busy = false, fed = new Map(), asked = 0;
  let master = false, told = false, appended = 0;

  const rate = () => (state.rate ? state.rate[0] / state.rate[1] : 24);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const get = async (name) => {
    const answer = await fetch(name, { cache: "no-store" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer;
  };
  const said = (more) => {
    if (!location.protocol.startsWith("http")) return;
    const body = JSON.stringify({ page, slots: fed.size, ...more });
    fetch("watched", { method: "POST", body, keepalive: true }).catch(() => {});
  };

  // The frame that is shown. A frame is sought in its middle: at its edge, half of all seeks show the one before.
  let frame = 0;
  const seek = (number) => {
    const last = Math.max(0, (state.frames || Infinity) - 1);
    frame = Math.min(Math.max(0, number), last);
    video.currentTime = (frame + 0.5) / rate();
  };
  const shown = (_, about) => {
    const number = Math.round(about.mediaTime * rate());
    if (!video.seeking) frame = number; // one that was on its way when another was sought does not count
    byId("frame").textContent = `frame ${number}${state.frames ? ` of ${state.frames}` : ""}, ${about.mediaTime.toFixed(3)} s`;
    document.documentElement.dataset.frame = String(number);
    if (!told) {
      told = true;
      const now = performance.now();
      document.documentElement.dataset.first = String(now);
      document.documentElement.dataset.own = String(now - appended);
      said({ ms: now - appended, since: now - started });
    }
    video.requestVideoFrameCallback(shown);
  };
  video.requestVideoFrameCallback(shown);

  const seconds = (number) => {
    const [a, b] = state.spans[number];
    return [a / rate(), b / rate()];
  };
  const held = (number) => {
    const [a, b] = seconds(number), now = video.currentTime;
    return b > now - BEHIND && a < now + AHEAD;
  };
  const named = (number) => state.corrected[number] || state.slots[number];
  const appendOne = async (content) => {
    if (!appended) appended = performance.now();
    buffer.appendBuffer(content);
    await new Promise((done, failed) => {
      buffer.addEventListener("updateend", done, { once: true });
      buffer.addEventListener("error", () => failed(new Error("not understood")), { once: true });
    });
  };
  const drop = async (number) => {
    const [a, b] = seconds(number);
    fed.delete(number);
    buffer.remove(a, b);
    await new Promise((done) => buffer.addEventListener("updateend", done, { once: true }));
  };
  const feed = async () => {
    if (busy || !buffer || master) return;
    busy = true;
    try {
      for (const number of [...fed.keys()]) if (!held(number)) await drop(number);
      for (let number = 0; number < state.slots.length && !master; number += 1) {
        const name = named(number);
        if (fed.get(number) === name || !held(number)) continue;
        const inlined = number === 0 && inline.first && name === first.slots[0] && fed.size === 0;
        const content = inlined ? bytes(inline.first) : await (await get(name)).arrayBuffer();
        await appendOne(content);
        fed.set(number, name);
        if (number === 0) video.play().catch(() => {});
      }
      const whole = state.ended && fed.size === state.slots.length;
      if (whole && media.readyState === "open" && !buffer.updating) media.endOfStream();
    } catch (fault) {
      byId("status").textContent = `Waiting: ${fault.message}`;
    }
    busy = false;
  };
  const open = () => {
    if (source || !state.codecs) return;
    const kind = `video/mp4; codecs="${state.codecs}"`;
    const Source = window.MediaSource || window.ManagedMediaSource;
    if (location.protocol === "file:" && state.whole) {
      source = video.src = state.whole;
      return;
    }
    if (!Source || !Source.isTypeSupported(kind)) {
      source = video.src = "preview.m3u8"; // a browser that plays HLS itself
      video.play().catch(() => {});
      return;
    }
    media = new Source();
    source = video.src = URL.createObjectURL(media);
    media.addEventListener("sourceopen", async () => {
      if (buffer) return;
      busy = true; // nothing is fed before the header is taken
      buffer = media.addSourceBuffer(kind);
      if (state.frames) media.duration = state.frames / rate();
      await appendOne(inline.header ? bytes(inline.header) : await (await get("header.mp4")).arrayBuffer());
      busy = false;
      feed();
    }, { once: true });
  };

  const list = (parent, rows, make) => {
    parent.replaceChildren(...rows.map((row) => {
      const item = document.createElement("li");
      make(item, row);
      return item;
    }));
  };
  let drawn = "";
  const draw = () => {
    const made = state.slots.length ? state.spans[state.slots.length - 1][1] : 0;
    const share = state.frames ? (100 * made) / state.frames : 0;
    byId("made").style.width = `${share}%`;
    byId("progress").setAttribute("aria-valuenow", String(Math.round(share)));
    const length = state.frames ? ` of ${(state.frames / rate()).toFixed(1)} s` : "";
    byId("status").textContent = !made ? "Waiting for the first frames" : state.ended ? "All of the film can be watched."
      : `${(made / rate()).toFixed(1)} s${length} can be watched.`;
    const now = JSON.stringify([state.name, state.missing, state.left_out, state.shots, state.sheet, state.times, state.frames, state.master]);
    if (now === drawn) return;
    drawn = now;
    if (state.name) byId("of").textContent = `Preview of ${state.name}, ${state.width}×${state.height}, ${rate().toFixed(3).replace(/\.?0+$/, "")} frames a second`;
    const notes = [
      ...(state.missing || []).map((each) => [`${each}: still being measured; the picture changes once it is known`, "missing"]),
      ...(state.left_out || []).map((each) => [each, ""]),
      ...(state.times ? [[state.times, ""]] : []),
    ];
    list(byId("notes"), notes, (item, [text, kind]) => { item.textContent = text; item.className = kind; });
    byId("shots-section").hidden = !(state.shots || []).length;
    list(byId("shots"), state.shots || [], (item, [name, at]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${name} ${(at / rate()).toFixed(2)} s`;
      button.addEventListener("click", () => seek(at));
      item.append(button);
    });
    byId("sheet-section").hidden = !state.sheet;
    if (state.sheet && !byId("sheet").src) byId("sheet").src = state.sheet;
    byId("master").hidden = !state.master;
  };

  const step = (by) => { video.pause(); seek(frame + by); };
  byId("back").addEventListener("click", () => step(-1));
  byId("on").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLButtonElement && event.key === " ") return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
    if (event.key === " ") { event.preventDefault(); if (video.paused) video.play(); else video.pause(); }
  }, true);
  const sound = () => {
    byId("sound").textContent = video.muted ? "Sound on" : "Sound off";
    byId("sound").setAttribute("aria-pressed", String(!video.muted));
  };
  byId("sound").addEventListener("click", () => { video.muted = !video.muted; });
  video.addEventListener("volumechange", sound);
  byId("master").addEventListener("click", () => {
    const at = frame, going = !video.paused;
    master = !master;
    buffer = media = source = null;
    fed = new Map();
    byId("notice").textContent = master ? "Finished film" : "Unsigned, unapproved";
    byId("notice").classList.toggle("finished", master);
    byId("master").textContent = master ? "Show the preview" : "Show the finished film";
    video.addEventListener("loadedmetadata", () => { seek(at); if (going) video.play().catch(() => {}); }, { once: true });
    if (master) source = video.src = state.master; else open();
  });

  const look = async () => {
    try {
      const next = await (await get("state.json")).json();
      const more = next.slots.length > state.slots.length;
      state = next;
      if (media && media.readyState === "open" && state.frames && buffer && !buffer.updating && !busy
          && media.duration !== state.frames / rate()) media.duration = state.frames / rate();
      if (more && state.slots.length === state.spans.length) said({});
    } catch { /* the server has ended: all is in the folder, or the preview was stopped */ }
    draw();
    open();
    feed();
    if (fed.size !== asked) { asked = fed.size; said({}); }
    if (!state.closed) setTimeout(look, state.slots.length ? EVERY : EVERY / 4);
  };
  video.addEventListener("seeking", () => feed());
  draw();
  open();
  if (location.protocol.startsWith("http")) look();
})();
