// The keys of the page: one table for what they do and for the help that lists them.

/** A field that takes text keeps its keys; a button keeps space and Enter. */
const keepsKey = (target, key) => {
  if (target.closest("input, textarea, select, [contenteditable], dialog[open]")) return true;
  return Boolean(target.closest("button, a, summary, [role=tab], media-mute-button, media-fullscreen-button")) && [" ", "Enter"].includes(key);
};
/** A slider and a tab list have arrow keys of their own. */
const keepsArrows = (target) => Boolean(target.closest("[role=tablist], .wipe, media-volume-range"));

/** rows: [{keys: ["l"], shown: "L", says, run(event)}], where keys are those of KeyboardEvent in lower case. */
export const listenForKeys = (rows) => {
  const byKey = new Map(rows.flatMap((row) => row.keys.map((key) => [key, row])));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (keepsKey(event.target, event.key) || (key.startsWith("arrow") && keepsArrows(event.target))) return;
    const row = byKey.get(`${event.shiftKey ? "shift+" : ""}${key}`) || byKey.get(key);
    if (!row) return;
    event.preventDefault();
    row.run(event);
  });
};

/** Writes the table of keys into a <dl>. */
export const listKeys = (list, rows) => {
  list.replaceChildren(...rows.flatMap((row) => {
    const name = document.createElement("dt");
    for (const each of row.shown.split(" ")) {
      const key = document.createElement("kbd");
      key.textContent = each;
      name.append(key, " ");
    }
    const says = document.createElement("dd");
    says.textContent = row.says;
    return [name, says];
  }));
};
