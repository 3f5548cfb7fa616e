// What was decided, what is still asked of whom, and the form that approves or rejects with the person's own key.

import { ask } from "./api.js";
import { byId, foreign, make, say } from "./dom.js";

const canUseKeys = () => Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials);
const when = (seconds) => new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
const DONE = { approve: "approved", reject: "rejected", revoke: "revoked" };

/** Says in words why a key gave no signature. */
export const whyNot = (fault) => {
  if (fault.name === "NotAllowedError") return "The key was not used: nothing is decided. Try again, and confirm on your key.";
  if (fault.name === "InvalidStateError") return "This key is enrolled already.";
  if (fault.name === "SecurityError") return "Keys cannot be used at this address: open the page by the name that the server told.";
  return fault.message;
};

const spansOf = (spans, go) => spans.slice(0, 12).map(([first, stop]) => make("button", { type: "button", class: "plain", on: { click: () => go(first) } }, stop > first + 1 ? `${first} to ${stop - 1}` : `${first}`));

export class Decisions {
  /** url: of the decisions of a revision; go: shows a frame. */
  constructor(url, go) {
    Object.assign(this, { url, go, failed: [], waivers: [] });
    this.panel = byId("decisions");
    this.read();
  }

  /** Offers to approve in spite of checks that failed: each is waived by name. failed: IDs of rules. */
  showFailed(failed) {
    this.failed = [...new Set(failed)];
    for (const each of this.waivers) this.#offer(each);
  }

  #offer(fieldset) {
    fieldset.hidden = !this.failed.length;
    fieldset.replaceChildren(make("legend", {}, "These checks failed. Approve in spite of"),
      ...this.failed.map((each) => make("label", { class: "row" }, make("input", { type: "checkbox", value: each }), foreign(each))));
  }

  async read() {
    try {
      this.#show(await ask(this.url));
    } catch (refused) {
      this.panel.textContent = refused.message;
    }
  }

  #show(said) {
    const wrong = said.log !== "sound" && said.gates.length;
    this.waivers = [];
    this.panel.replaceChildren(
      wrong ? make("p", { class: "fault" }, "The log of decisions: ", foreign(said.log)) : "",
      ...said.gates.map((gate) => this.#gate(gate, said)),
      said.gates.length ? "" : make("p", { class: "quiet" }, "The job has no gates: nobody is asked to approve. The key gates of the job says who is."),
      said.decisions.length ? make("h3", {}, "Decisions") : "",
      make("ul", { class: "plain-list" }, ...said.decisions.map((each) => this.#decision(each))));
    const missing = said.gates.filter((gate) => !gate.met).length;
    byId("gate-count").textContent = said.gates.length ? `${said.gates.length - missing}/${said.gates.length}` : "";
  }

  #decision(each) {
    return make("li", { class: `card${each.stands ? "" : " resolved"}` },
      make("div", { class: "head" }, make("span", { class: `state ${!each.stands ? "" : each.decision === "approve" ? "good" : "bad"}` }, DONE[each.decision] || each.decision), make("strong", {}, foreign(each.person_name)),
        make("span", { class: "quiet small" }, `as ${each.role}, for ${each.gate}, ${when(each.at)}`)),
      each.comment ? make("p", { class: "said" }, foreign(each.comment)) : null,
      each.stands ? null : make("p", { class: "quiet small" }, "No longer counts here: ", foreign(each.why)),
      each.stands && each.decision === "approve" && each.person === document.body.dataset.person ? this.#revocation(each) : null,
      make("p", { class: "mono quiet" }, `statement ${each.statement.slice(0, 16)}`));
  }

  #revocation(each) {
    const fault = make("p", { class: "fault", role: "alert" });
    const button = make("button", { type: "button", class: "plain", on: { click: async () => {
      const body = { decision: "revoke", gate: each.gate, role: each.role, comment: "", revokes: each.statement };
      await this.#sign(body, [button], fault);
    } } }, "Revoke");
    return make("div", {}, button, fault);
  }

  #gate(gate, said) {
    return make("section", { class: "gate", "aria-label": `Gate ${gate.gate}` },
      make("div", { class: "head" }, make("h3", {}, "Gate ", foreign(gate.gate)), make("span", { class: `state ${gate.met ? "good" : ""}` }, gate.met ? "met" : "not met")),
      make("p", { class: "quiet small" }, "Asked: ", foreign(gate.roles.join(", ")), gate.two_person ? "; by two people" : ""),
      make("ul", { class: "plain-list" }, ...gate.asked.map((each) => make("li", { class: "card" },
        make("p", {}, "As ", make("strong", {}, foreign(each.role)), ": ", each.people.length ? foreign(each.people.join(" or ")) : "nobody of the people file may"),
        ...each.why.map((why) => make("p", { class: "quiet small" }, foreign(why))),
        each.frames ? make("p", { class: "quiet small" }, `${each.frames} frames to look at: `, ...spansOf(each.spans, this.go)) : null))),
      gate.may_sign.length ? this.#form(gate, said) : null,
      gate.met || !gate.command ? null : make("details", {}, make("summary", {}, "With a key file, in a terminal"), make("pre", { class: "command" }, gate.command)));
  }

  #form(gate, said) {
    const id = `reason-${gate.gate}`;
    const reason = make("textarea", { id, maxlength: 2000 });
    const role = make("select", { "aria-label": "Role" }, ...gate.may_sign.map((each) => make("option", { value: each }, each)));
    const fault = make("p", { class: "fault", role: "alert" });
    const waiver = make("fieldset", { class: "waive" });
    this.waivers.push(waiver);
    this.#offer(waiver);
    // A role that is met is not signed for again.
    const asked = gate.asked.find((each) => gate.may_sign.includes(each.role));
    if (asked) role.value = asked.role;
    const usable = canUseKeys() && said.passkeys > 0;
    const decide = (decision) => async (event) => {
      event.preventDefault();
      const waived = decision === "approve" ? [...waiver.querySelectorAll(":checked")].map((each) => each.value) : [];
      await this.#decide({ decision, gate: gate.gate, role: role.value, comment: reason.value.trim(), waived }, { form, fault, reason });
    };
    const form = make("form", { class: "write" },
      make("label", { for: id }, "Reason ", make("span", { class: "quiet small" }, "(needed to reject)")), reason,
      gate.may_sign.length > 1 ? make("label", {}, "As ", role) : make("p", { class: "small" }, "You decide as ", foreign(gate.may_sign[0])),
      asked ? waiver : make("p", { class: "small" }, "You are asked for no approval here now. You can still reject."),
      usable ? null : make("p", { class: "small" }, canUseKeys() ? "You have no key here yet. Whoever keeps the people file makes a link to enrol one; or sign with a key file, as below." : "This browser cannot use keys: sign with a key file, as below."),
      make("div", { class: "row" },
        asked ? make("button", { type: "submit", class: "main", disabled: !usable, on: { click: decide("approve") } }, "Approve") : null,
        make("button", { type: "button", class: "reject", disabled: !usable, on: { click: decide("reject") } }, "Reject")),
      fault);
    return form;
  }

  async #decide(body, { form, fault, reason }) {
    fault.textContent = "";
    if (body.decision === "reject" && !body.comment) {
      fault.textContent = "Say why, so that whoever makes the film knows what to change.";
      reason.focus();
      return;
    }
    await this.#sign(body, form.querySelectorAll("button"), fault);
  }

  /** Has the person's key sign a decision, and shows what the server says then. */
  async #sign(body, buttons, fault) {
    for (const button of buttons) button.disabled = true;
    try {
      const { key, publicKey } = await ask(`${this.url}/options`, { method: "POST", body });
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      const said = await ask(this.url, { method: "POST", body: { key, credential: credential.toJSON() } });
      say(DONE[body.decision]);
      this.#show(said);
    } catch (refused) {
      fault.textContent = whyNot(refused);
      for (const button of buttons) button.disabled = false;
    }
  }
}
