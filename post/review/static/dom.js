// Small parts that the modules of the page share.

export const byId = (id) => document.getElementById(id);

/** Returns an element with its attributes and children; text stays text, whatever it holds. */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") for (const [kind, run] of Object.entries(value)) element.addEventListener(kind, run);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((each) => each !== null && each !== undefined && each !== false));
  return element;
};

/** Returns foreign text that changes nothing of the words beside it. */
export const foreign = (text) => make("bdi", {}, String(text ?? ""));

let spoken = 0;

/** Tells the reader, through the live region. The same words twice are told twice. */
export const say = (text) => {
  const region = byId("status");
  region.textContent = text;
  spoken += 1;
  region.dataset.said = String(spoken);
};

/** A list of tabs, as the ARIA pattern asks: arrow keys move, one tab stop. */
export const openTabs = (list) => {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const choose = (tab, focus) => {
    for (const each of tabs) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      byId(each.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
  };
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab, false));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(tabs[(to + tabs.length) % tabs.length], true);
  });
  return (id) => choose(byId(id), false);
};

/** Writes times of the server, seconds since 1970, as this reader writes them. */
export const writeTimes = () => {
  for (const each of document.querySelectorAll("time[data-at]")) {
    const at = new Date(Number(each.dataset.at) * 1000);
    each.dateTime = at.toISOString();
    each.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }
};
