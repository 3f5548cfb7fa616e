// The page of one film: puts the player, the timeline, the comparison, comments and decisions together.

import { ask } from "./api.js";
import { Comments } from "./comments.js";
import { Compare } from "./compare.js";
import { Decisions } from "./decide.js";
import { byId, make, openTabs, say } from "./dom.js";
import { COLOURS, Drawing, TOOLS } from "./drawing.js";
import { readChange, readFilm, readPeaks } from "./film_data.js";
import { FramePlayer } from "./frame_player.js";
import { listKeys, listenForKeys } from "./keys.js";
import { hasFailed, moodOf, showFindings, showProvenance } from "./panels.js";
import { Timeline } from "./timeline.js";
import { nominalRate, readPlace, timecode } from "./timecode.js";

const review = byId("review").dataset;
// A revision that nobody has watched yet is made ready first.
const opened = async () => {
  for (;;) {
    const said = readFilm(await ask(review.player));
    byId("waiting").hidden = Boolean(said.url);
    if (said.url) return said;
    await new Promise((done) => setTimeout(done, 1000));
  }
};
const film = await opened();
const stage = byId("stage");
const video = byId("video");
const clock = (frame) => timecode(film.start + frame, film.rate, film.drop);

const shape = (width, height) => stage.style.setProperty("--aspect", String(width / height));
shape(film.width, film.height);
video.addEventListener("loadedmetadata", () => shape(video.videoWidth, video.videoHeight)); // pixels may not be square
video.src = film.url;
const player = new FramePlayer(video, film.rate, film.frames);
const drawing = new Drawing(byId("drawing"), say);
const compare = new Compare(stage, player, say);
const timeline = new Timeline(byId("strip"), film, player, clock);
const chooseTab = openTabs(byId("tabs"));

// What is shown, and how fast.
const tellFrame = () => {
  const frame = Math.max(0, player.shown);
  byId("timecode").textContent = clock(frame);
  byId("frame").textContent = `frame ${frame} of ${film.frames}`;
  stage.dataset.frame = String(player.shown);
  comments?.markNow();
  comments?.tellPlace();
};
const tellSpeed = () => {
  byId("play").setAttribute("aria-label", player.speed ? "Stop" : "Play");
  byId("play").dataset.playing = String(player.speed !== 0);
  byId("speed").textContent = Math.abs(player.speed) > 1 || player.speed < 0 ? `${player.speed < 0 ? "−" : ""}${Math.abs(player.speed)}×` : "";
  if (player.speed) drawing.show([]);
};

// The loop: its ends snap to cuts that are near.
const snapped = (frame) => {
  const near = nominalRate(film.rate) / 4;
  const cut = [0, ...film.cuts, film.frames].reduce((best, each) => (Math.abs(each - frame) < Math.abs(best - frame) ? each : best));
  return Math.abs(cut - frame) <= near ? cut : frame;
};
const setLoop = (loop) => {
  player.loop = loop;
  byId("no-loop").hidden = !loop;
  byId("loop").textContent = loop ? `Loop ${clock(loop[0])} to ${clock(loop[1] - 1)}` : "";
  byId("loop").dataset.loop = loop ? loop.join(" ") : "";
  timeline.draw();
  comments?.tellPlace();
  say(loop ? `Loop from frame ${loop[0]} to frame ${loop[1] - 1}` : "No loop");
};
const loopIn = () => {
  const first = Math.min(snapped(player.wanted), film.frames - 1);
  setLoop([first, player.loop && player.loop[1] > first ? player.loop[1] : film.frames]);
};
const loopOut = () => {
  const stop = Math.max(1, snapped(player.wanted + 1));
  setLoop([player.loop && player.loop[0] < stop ? player.loop[0] : 0, stop]);
};

// What differs from the other revision.
let spans = [];
const tellChanged = async (url) => {
  const found = readChange(await ask(url), film.frames);
  spans = found.spans;
  timeline.showChanged(spans);
  byId("changed").textContent = found.told;
};
const nextChange = (way) => {
  if (!spans.length) return say(byId("changed").textContent);
  const at = player.wanted;
  const later = way > 0 ? spans.find(([first]) => first > at) : spans.findLast(([, stop]) => stop <= at);
  const [first, stop] = later || (way > 0 ? spans[0] : spans[spans.length - 1]);
  player.show(first);
  return say(stop > first + 1 ? `Frames ${first} to ${stop - 1} differ` : `A difference at frame ${first}`);
};
const setCompare = () => {
  const [which, mode] = byId("compare").value.split(" ");
  compare.open(film.others[which] || null, mode || "off");
  for (const side of stage.querySelectorAll(".side")) side.hidden = mode !== "wipe";
  if (mode) byId("side-other").textContent = film.others[which].name;
};
const cutFrom = (way) => {
  const cuts = [0, ...film.cuts, film.frames - 1];
  const to = way > 0 ? cuts.find((cut) => cut > player.wanted) : cuts.findLast((cut) => cut < player.wanted);
  if (to !== undefined) player.show(to);
};

// Drawing.
const setDrawing = (active) => {
  player.stop();
  drawing.show([]);
  drawing.activate(active);
  byId("draw").setAttribute("aria-pressed", String(active));
  byId("draw-tools").hidden = !active;
  if (active) say("Drawing: drag over the picture, or move with the arrow keys and press Enter");
};
const endDrawing = () => {
  drawing.clear();
  setDrawing(false);
};
const pressable = (name, value, chosen, choose, content) => make("button", { type: "button", class: `${name} ${value}`, "aria-pressed": String(chosen), "aria-label": `${value[0].toUpperCase()}${value.slice(1)}`, on: { click: (event) => {
  for (const each of event.currentTarget.parentElement.children) each.setAttribute("aria-pressed", String(each === event.currentTarget));
  choose(value);
} } }, content);
byId("draw-with")?.replaceChildren(...TOOLS.map((tool) => pressable("tool", tool, tool === drawing.tool, (to) => { drawing.tool = to; }, `${tool[0].toUpperCase()}${tool.slice(1)}`)));
byId("draw-in")?.replaceChildren(...COLOURS.map((colour) => pressable("swatch", colour, colour === drawing.colour, (to) => { drawing.colour = to; }, make("span"))));

let failed = [];
const marked = () => {
  const said = comments ? comments.comments : [];
  timeline.showMarks([
    ...failed.filter((each) => each.first !== null).map((each) => ({ at: each.first, stop: each.first + 1, kind: `finding ${moodOf(each.verdict)}`, title: `${each.id}: ${each.why}`, open: () => chooseTab("tab-findings") })),
    ...film.markers.map((each) => ({ at: each.first, stop: each.first + 1, kind: "finding", title: `${each.code}: ${each.text}`, open: () => chooseTab("tab-findings") })),
    ...said.map((each) => ({ at: each.first, stop: each.stop, kind: `${each.stop > each.first + 1 ? "range" : ""} ${each.resolved ? "resolved" : ""}`, title: `${each.author}: ${each.text.slice(0, 200)}`, open: () => show(each) })),
  ]);
};
const show = (comment) => {
  go(comment.first);
  drawing.show(comment.shapes);
  chooseTab("tab-comments");
};
const comments = byId("comments") && new Comments({ player, drawing, show, say: clock, marked, drawn: endDrawing });

const rows = [
  { keys: [" ", "k"], shown: "Space K", says: "play or stop; K stops", run: (event) => (event.key === " " ? player.toggle() : player.stop()) },
  { keys: ["l"], shown: "L", says: "play; again: 2, 4, 8 times as fast", run: () => player.shuttle(1) },
  { keys: ["j"], shown: "J", says: "play backwards; again: faster", run: () => player.shuttle(-1) },
  { keys: ["arrowright", "arrowleft"], shown: "← →", says: "one frame; with Shift one second", run: (event) => player.step((event.key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? nominalRate(film.rate) : 1)) },
  { keys: ["arrowdown", "arrowup"], shown: "↑ ↓", says: "the cut before, the next cut", run: (event) => cutFrom(event.key === "ArrowDown" ? 1 : -1) },
  { keys: ["home", "end"], shown: "Home End", says: "the first frame, the last frame", run: (event) => player.show(event.key === "Home" ? 0 : film.frames - 1) },
  { keys: ["g"], shown: "G", says: "go to a frame number or a timecode", run: () => byId("goto-place").select() },
  { keys: ["i"], shown: "I", says: "loop from here; near a cut, from the cut", run: loopIn },
  { keys: ["o"], shown: "O", says: "loop to here", run: loopOut },
  { keys: ["x"], shown: "X", says: "no loop", run: () => setLoop(null) },
  { keys: ["n", "shift+n"], shown: "N", says: "the next frames that differ; with Shift the ones before", run: (event) => nextChange(event.shiftKey ? -1 : 1) },
  { keys: ["c"], shown: "C", says: "write a comment here", run: () => { player.stop(); chooseTab("tab-comments"); byId("comment-text")?.focus(); } },
  { keys: ["d"], shown: "D", says: "draw over the frame", run: () => byId("draw") && setDrawing(!drawing.active) },
  { keys: ["m"], shown: "M", says: "sound on or off", run: () => { video.muted = !video.muted; } },
  { keys: ["f"], shown: "F", says: "full screen", run: () => (document.fullscreenElement ? document.exitFullscreen() : byId("screen").requestFullscreen()) },
  { keys: ["?", "shift+?"], shown: "?", says: "this help", run: () => byId("help").showModal() },
  { keys: ["escape"], shown: "Esc", says: "end drawing", run: () => drawing.active && endDrawing() },
];
listenForKeys(rows);
listKeys(byId("keys"), rows);

const press = (id, run) => byId(id)?.addEventListener("click", run);
press("play", () => player.toggle());
press("back", () => player.step(-1));
press("on", () => player.step(1));
press("reverse", () => player.shuttle(-1));
press("forward", () => player.shuttle(1));
press("loop-in", loopIn);
press("loop-out", loopOut);
press("no-loop", () => setLoop(null));
press("change-before", () => nextChange(-1));
press("change-next", () => nextChange(1));
press("draw", () => setDrawing(!drawing.active));
press("draw-undo", () => drawing.undo());
press("draw-clear", () => drawing.clear());
press("open-help", () => byId("help").showModal());
byId("goto").addEventListener("submit", (event) => {
  event.preventDefault();
  const place = byId("goto-place");
  const frame = readPlace(place.value, film.rate, film.drop, film.start);
  if (frame === null) return say(`${place.value}: neither a frame number nor a timecode, such as ${clock(0)}`);
  player.show(frame);
  place.value = "";
  return byId("strip").focus();
});
byId("compare")?.addEventListener("change", setCompare);
byId("revision")?.addEventListener("change", (event) => location.assign(event.target.value));
const go = (frame) => {
  player.show(frame);
  stage.scrollIntoView({ block: "nearest" });
};
for (const button of document.querySelectorAll("button[data-at]")) button.addEventListener("click", () => go(Number(button.dataset.at)));
const decisions = new Decisions(`${review.player}/decisions`, go);
showFindings(`${review.player}/findings`, review.media, go, (open) => {
  failed = open;
  decisions.showFailed(open.filter(hasFailed).map((each) => each.id));
  marked();
});
showProvenance(`${review.player}/provenance`);
player.addEventListener("frame", tellFrame);
player.addEventListener("speed", tellSpeed);
video.addEventListener("error", () => { byId("unplayable").hidden = false; });
if (review.changed) tellChanged(review.changed);
if (film.waveform) timeline.showPeaks(readPeaks(await ask(film.waveform)));
marked();
tellSpeed();
comments?.tellPlace();
const asked = new URLSearchParams(location.hash.slice(1)).get("frame");
player.seek(asked === null ? 0 : Number(asked) || 0);
document.documentElement.dataset.ready = "true";
