// Timecode as SMPTE ST 12-1 writes it; the twin of post/values/timecode.py. A rate is [frames, seconds].

/** Returns how many frames a second of timecode counts: 30 for 29.97. */
export const nominalRate = ([over, under]) => Math.max(1, Math.floor(over / under + 0.5));

/** Returns whether timecode at this rate may drop numbers: at multiples of 30000/1001 alone. */
export const canDrop = ([over, under]) => under === 1001 && nominalRate([over, under]) % 30 === 0;

/** Returns how many numbers drop-frame timecode has left out before a frame. */
const leftOut = (frames, rate) => {
  const skipped = nominalRate(rate) / 15;
  const minute = nominalRate(rate) * 60 - skipped;
  const ten = minute * 10 + skipped;
  const within = frames % ten;
  const minutes = within < skipped ? 0 : Math.floor((within - skipped) / minute);
  return skipped * (9 * Math.floor(frames / ten) + minutes);
};

/** Returns the timecode of a frame. drop: numbers are left out to follow the clock; `;` marks it. */
export const timecode = (frames, rate, drop = false) => {
  const base = nominalRate(rate);
  const number = frames + (drop ? leftOut(frames, rate) : 0);
  const seconds = Math.floor(number / base);
  const two = (value) => String(value).padStart(2, "0");
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return `${clock}${drop ? ";" : ":"}${two(number % base)}`;
};

/** Returns the middle of a frame in seconds. At a frame's edge, two of three seeks show the frame before it. */
export const middleOf = (frame, [over, under]) => ((frame + 0.5) * under) / over;

/** Returns the frame that starts at a time of the media. */
export const frameAt = (seconds, [over, under]) => Math.round((seconds * over) / under);

/** Returns the frame of a text: a frame number, or a timecode. null for what is neither. start: the first frame's timecode. */
export const readPlace = (text, rate, drop = false, start = 0) => {
  const said = text.trim();
  if (/^\d{1,8}$/.test(said)) return Number(said);
  const found = /^(\d{2}):(\d{2}):(\d{2})[:;.,](\d{2,3})$/.exec(said);
  if (!found) return null;
  const [hours, minutes, seconds, frame] = found.slice(1).map(Number);
  const base = nominalRate(rate);
  if (minutes > 59 || seconds > 59 || frame >= base) return null;
  const number = ((hours * 60 + minutes) * 60 + seconds) * base + frame;
  if (!drop) return number - start;
  const skipped = base / 15;
  const passed = hours * 60 + minutes;
  if (seconds === 0 && frame < skipped && minutes % 10) return null; // drop-frame timecode has no such frame
  return number - skipped * (passed - Math.floor(passed / 10)) - start;
};
