// Comments: written at a frame or over a range, with a drawing; answered, resolved, edited; those of others come in.

import { ask } from "./api.js";
import { byId, foreign, make, say } from "./dom.js";
import { readHistory, readThreads } from "./film_data.js";

const EVERY = 3000; // ms between two looks at what others wrote

export class Comments {
  /** page: {player, drawing, show(comment), say(frame), marked(), drawn()} of the page that holds them. */
  constructor(page) {
    Object.assign(this, { page, comments: [], drawn: new Map(), failed: false, mark: null });
    this.list = byId("comments");
    this.urls = { all: this.list.dataset.all, one: this.list.dataset.note };
    this.mayWrite = Boolean(byId("comment-form"));
    this.form = byId("comment-form");
    this.text = byId("comment-text");
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write();
    });
    this.text?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    byId("show-resolved")?.addEventListener("change", () => this.#draw());
    this.#look();
  }

  /** Says what the form writes about: a frame, or the loop. */
  tellPlace() {
    const place = byId("comment-place");
    if (!place) return;
    const [first, stop] = this.#place();
    place.textContent = stop > first + 1 ? `frames ${first} to ${stop - 1} (${this.page.say(first)} on)` : `frame ${first} (${this.page.say(first)})`;
  }

  #place() {
    const { loop, wanted, shown, speed } = this.page.player;
    const frame = Math.max(0, speed ? shown : wanted);
    return loop || [frame, frame + 1];
  }

  async #write() {
    const text = this.text.value.trim();
    if (!text) {
      this.#fault("Write what should change, then send it.");
      this.text.focus();
      return;
    }
    const [first, stop] = this.#place();
    if (await this.#send(this.urls.all, "POST", { first, stop, text, drawing: this.page.drawing.shapes })) {
      this.text.value = "";
      this.page.drawn();
      say(`Comment sent at ${this.page.say(first)}`);
    }
  }

  /** Returns whether the server took it. What it refuses stays in the form. */
  async #send(url, method, body, fault = (told) => this.#fault(told)) {
    fault("");
    try {
      await ask(url, { method, body });
    } catch (refused) {
      fault(refused.status === 409 ? `${refused.message} The newest is shown now; yours is still here: look, then send it again.` : refused.message);
      if (refused.status === 409) await this.#fetch();
      return false;
    }
    await this.#fetch();
    return true;
  }

  #fault(told) {
    byId("comment-fault").textContent = told;
  }

  async #look() {
    if (!document.hidden) await this.#fetch();
    setTimeout(() => this.#look(), EVERY);
  }

  async #fetch() {
    try {
      this.#take(await ask(this.urls.all));
      if (this.failed) say("The server is reached again");
      this.failed = false;
    } catch (refused) {
      if (!this.failed) say(refused.message);
      this.failed = true;
    }
  }

  #take(said) {
    if (said.mark === this.mark) return;
    const first = this.mark === null;
    this.mark = said.mark;
    const comments = readThreads(said);
    const known = new Set(this.comments.flatMap((each) => [each, ...each.replies]).map((each) => each.id));
    const fresh = comments.flatMap((each) => [each, ...each.replies]).filter((each) => !known.has(each.id) && !each.own);
    if (!first && fresh.length) say(`New comment by ${fresh.map((each) => each.author).join(", ")}`);
    this.comments = comments;
    this.#draw();
    this.page.marked();
  }

  #draw() {
    const all = !byId("show-resolved") || byId("show-resolved").checked;
    const rows = this.comments.filter((each) => all || !each.resolved).sort((a, b) => a.first - b.first || a.written - b.written);
    const kept = new Map();
    for (const each of rows) {
      const content = JSON.stringify(each);
      const before = this.drawn.get(each.id);
      // What the reader is writing in is not taken away from under the hands.
      const busy = before?.item.querySelector("form:not([hidden])");
      kept.set(each.id, before && (before.content === content || busy) ? before : { content, item: this.#item(each) });
    }
    this.drawn = kept;
    const items = [...kept.values()].map((each) => each.item);
    if (items.length !== this.list.children.length || items.some((item, place) => item !== this.list.children[place])) this.list.replaceChildren(...items);
    byId("comment-count").textContent = String(this.comments.filter((each) => !each.resolved).length);
    byId("no-comments").hidden = rows.length > 0;
    this.markNow();
  }

  /** Marks the comments of the frame that is shown. */
  markNow() {
    const frame = this.page.player.shown;
    for (const each of this.comments) {
      this.drawn.get(each.id)?.item.classList.toggle("now", each.first <= frame && frame < each.stop);
    }
  }

  #item(comment) {
    const { first, stop } = comment;
    const where = stop > first + 1 ? `${this.page.say(first)} to ${this.page.say(stop - 1)}` : this.page.say(first);
    const notes = [
      comment.carried === "same" && `from revision ${comment.from}: the frames are the same here`,
      comment.carried === "changed" && `from revision ${comment.from}: the frames have changed since`,
      comment.resolved && `resolved by ${comment.resolved}`,
      comment.shapes.length && "with a drawing",
    ].filter(Boolean).join(", ");
    const reply = this.#replyForm(comment);
    const edit = comment.own && this.mayWrite ? this.#editForm(comment) : null;
    const item = make("li", { class: `card${comment.resolved ? " resolved" : ""}`, "data-comment": comment.id },
      make("div", { class: "head" },
        make("strong", {}, foreign(comment.author)), make("span", { class: "quiet small" }, comment.when),
        make("button", { type: "button", class: "plain at", on: { click: () => this.page.show(comment) } }, make("span", { class: "unseen" }, "Show the frame at "), where)),
      make("p", { class: "said" }, foreign(comment.text)),
      notes ? make("p", { class: "quiet small" }, notes, comment.shapes.length ? ". " : "", comment.shapes.length ? make("a", { href: `${this.#one(comment)}/still.png`, download: true }, "Still with the drawing") : null) : null,
      comment.replies.length ? make("ul", { class: "replies" }, ...comment.replies.map((each) => make("li", {},
        make("strong", {}, foreign(each.author)), " ", make("span", { class: "quiet small" }, each.when), make("div", { class: "said" }, foreign(each.text))))) : null);
    if (comment.edits) item.append(this.#history(comment));
    if (this.mayWrite) item.append(this.#buttons(comment, reply, edit), reply, edit || "");
    return item;
  }

  /** What the comment was before, read when it is opened: who did what, when, and what it said then. */
  #history(comment) {
    const rows = make("ul", { class: "replies" });
    const read = async (event) => {
      if (!event.currentTarget.open) return;
      try {
        const found = readHistory(await ask(`${this.#one(comment)}/history`));
        rows.replaceChildren(...found.map((each) => make("li", {}, make("span", { class: "quiet small" }, `${each.done} by `, foreign(each.who), ", ", each.when), each.text ? make("div", { class: "said" }, foreign(each.text)) : null)));
      } catch (refused) {
        rows.replaceChildren(make("li", { class: "fault" }, refused.message));
      }
    };
    return make("details", { class: "small", on: { toggle: read } }, make("summary", {}, `Changed ${comment.edits === 1 ? "once" : `${comment.edits} times`}`), rows);
  }

  #buttons(comment, reply, edit) {
    const opener = (name, form) => make("button", { type: "button", class: "plain", "aria-expanded": "false", on: { click: (event) => {
      form.hidden = !form.hidden;
      event.currentTarget.setAttribute("aria-expanded", String(!form.hidden));
      if (!form.hidden) form.querySelector("textarea").focus();
    } } }, name);
    return make("div", { class: "row" }, opener("Reply", reply), edit && opener("Edit", edit),
      make("button", { type: "button", class: "plain", on: { click: () => this.#resolve(comment) } }, comment.resolved ? "Open again" : "Resolve"));
  }

  #smallForm(name, id, value, send) {
    const text = make("textarea", { id, maxlength: 10000 });
    text.value = value;
    const fault = make("p", { class: "fault", role: "alert" });
    const form = make("form", { hidden: true, class: "write" }, make("label", { for: id }, name), text, fault,
      make("div", { class: "row" }, make("button", { class: "main" }, "Send")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!text.value.trim()) return;
      form.hidden = await send(text.value.trim(), (told) => { fault.textContent = told; });
      if (form.hidden) this.#draw();
    });
    return form;
  }

  #replyForm(comment) {
    return this.#smallForm("Your reply", `reply-${comment.id}`, "", (text, fault) => this.#send(this.urls.all, "POST", { first: comment.first, stop: comment.stop, text, parent: comment.id }, fault));
  }

  #editForm(comment) {
    return this.#smallForm("Your comment", `edit-${comment.id}`, comment.text,
      (text, fault) => this.#send(this.#one(comment), "PATCH", { text, version: this.#newest(comment).version }, fault));
  }

  #one(comment) {
    return this.urls.one.replace(/0$/, String(comment.id));
  }

  #newest(comment) {
    return this.comments.find((each) => each.id === comment.id) || comment;
  }

  async #resolve(comment) {
    const done = await this.#send(`${this.#one(comment)}/resolve`, "POST", { resolved: !comment.resolved, version: this.#newest(comment).version });
    if (done) say(comment.resolved ? "Comment opened again" : "Comment resolved");
  }
}
