// Reads what the server says of a revision (post/review/views.py) into what the page works with.

const source = (media, row, name) => (media?.url ? { url: media.url, rate: row.rate, frames: row.frames, name } : null);

/** Returns the film of the page. said: a PlayerView. */
export const readFilm = (said) => {
  const { revision } = said;
  return {
    url: said.media.url,
    proxy: said.media.proxy,
    rate: revision.rate,
    frames: revision.frames,
    width: revision.width,
    height: revision.height,
    drop: said.drop_frame,
    start: said.start,
    revision: revision.number,
    cuts: said.cuts,
    markers: said.markers,
    thumbnails: said.thumbnails,
    waveform: said.waveform,
    others: {
      previous: said.previous && source(said.previous_media, said.previous, `Revision ${said.previous.number}`),
      approved: said.approved && source(said.approved_media, said.approved, `Revision ${said.approved.number}, approved`),
      reference: source(said.reference, said.reference, `The brief's reference${said.reference?.says ? ` (${said.reference.says})` : ""}`),
    },
    previousId: said.previous?.id ?? null,
    approvedId: said.approved?.id ?? null,
  };
};

const when = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

const note = (said) => ({
  id: said.id,
  parent: said.parent,
  first: said.at[0],
  stop: said.at[1],
  text: said.text,
  shapes: said.drawing,
  author: said.author_name || said.author,
  kind: said.author_kind,
  own: said.own,
  when: when(said.written_at),
  written: said.written_at,
  edits: said.edits,
  resolved: said.resolved_name,
  carried: said.carried,
  from: said.revision_number,
  version: said.version,
});

/** Returns what a note was at each version, newest first. said: a list of EditView. */
export const readHistory = (said) => said.map((each, place) => {
  const before = said[place - 1];
  const done = !before ? "written" : each.resolved_by && !before.resolved_by ? "resolved" : !each.resolved_by && before.resolved_by ? "opened again" : "changed";
  return { done, who: each.by_name, when: when(each.at), text: before && each.text === before.text ? "" : each.text };
}).reverse();

/** Returns the threads: notes that answer none, each with its `replies` in the order of writing. said: a CommentList. */
export const readThreads = (said) => {
  const notes = said.comments.map(note).sort((a, b) => a.written - b.written || a.id - b.id);
  const replies = new Map();
  for (const each of notes) if (each.parent !== null) replies.set(each.parent, [...(replies.get(each.parent) || []), each]);
  return notes.filter((each) => each.parent === null).map((each) => ({ ...each, replies: replies.get(each.id) || [] }));
};

/** Returns the loudest sample of each column of a waveform, 0..1. said: {low, high}, in hundredths of full scale. */
export const readPeaks = (said) => said.high.map((high, place) => Math.min(1, Math.max(high, -said.low[place]) / 100));

const count = (spans) => spans.reduce((sum, [first, stop]) => sum + stop - first, 0);
const some = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Returns how a revision differs from another: the spans to look at, in order, and what is told of them.
 * said: a ChangeView; frames: of this revision. Where frames were taken out, the frame after them is to be looked at. */
export const readChange = (said, frames) => {
  if (!said.known) return { spans: [], told: "Not compared yet" };
  const gone = count(said.removed);
  const seams = said.seams.map((at) => [at, at + 1]);
  const pictures = [...said.spans, ...seams];
  if (gone && !pictures.length) pictures.push(said.removed[0][0] ? [frames - 1, frames] : [0, 1]);
  const told = [
    said.frames ? `${some(said.frames, "frame")} differ${said.frames === 1 ? "s" : ""}, in ${some(said.spans.length, "place")}` : "",
    gone && gone !== said.frames ? `${some(gone, "frame")} of the other revision ${gone === 1 ? "is" : "are"} not in this one` : "",
    said.sound.length ? `the sound differs under ${some(count(said.sound), "other frame")}` : "",
  ].filter(Boolean).join("; ");
  return { spans: [...pictures, ...said.sound].sort((a, b) => a[0] - b[0]), told: told || "No frame differs, nor the sound" };
};
