// What the server judged of a revision: findings of checks, and where the film comes from.

import { ask } from "./api.js";
import { byId, foreign, make, say } from "./dom.js";

const EVERY = 2000; // ms between two looks while checks run
const BAD = new Set(["fail", "failed"]);
const words = (name) => name.replaceAll("_", " ");
const GOOD = new Set(["pass", "passed"]);

/** Says whether a check failed. */
export const hasFailed = (finding) => BAD.has(finding.verdict);

/** Returns a verdict's look: "good", "bad", or "" for what is for a person. */
export const moodOf = (verdict) => (BAD.has(verdict) ? "bad" : GOOD.has(verdict) ? "good" : "");

const ORDER = ["fail", "cannot_check", "needs_human", "warn", "waived", "pass", "not_applicable"];
const tally = (counts) => ORDER.filter((verdict) => counts[verdict]).map((verdict) => `${counts[verdict]} ${words(verdict)}`).join(", ") || "No rule was checked.";

const isClosed = (verdict) => moodOf(verdict) === "good" || words(verdict) === "not applicable";

const waited = async (url, show) => {
  for (;;) {
    const said = await ask(url);
    show(said);
    if (said.state !== "waiting") return said;
    await new Promise((done) => setTimeout(done, EVERY));
  }
};

const facts = (rows) => make("dl", { class: "facts" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, foreign(value))]));

const evidence = (finding, media, go) => {
  const frames = finding.evidence.length ? finding.evidence : finding.first === null ? [] : [finding.first];
  return frames.slice(0, 4).map((frame) => {
    const picture = make("img", { loading: "lazy", src: `${media}/frames/${frame}.png`, alt: `Frame ${frame}` });
    const box = make("span", { class: "box", hidden: true });
    if (finding.box) {
      const [x, y, width, height] = finding.box.map((each) => `${each * 100}%`);
      Object.assign(box.style, { left: x, top: y, width, height });
      box.hidden = false;
    }
    return make("button", { type: "button", class: "evidence", on: { click: () => go(frame) } }, picture, box, make("span", { class: "small" }, `Show frame ${frame}`));
  });
};

const findingItem = (finding, media, go) => make("li", { class: "card" },
  make("div", { class: "head" }, make("span", { class: `state ${moodOf(finding.verdict)}` }, words(finding.verdict)), make("strong", {}, foreign(finding.id)), make("span", { class: "quiet small at" }, foreign(finding.policy))),
  finding.why ? make("p", { class: "said" }, foreign(finding.why)) : null,
  facts([["Measured", finding.measured], ["Required", finding.threshold], ["Number from", finding.origin]]),
  make("div", { class: "row" }, ...evidence(finding, media, go)));

/** Shows the checks of a revision, what failed first; calls found(findings) once they are there. */
export const showFindings = (url, media, go, found) => {
  const order = (each) => ({ bad: 0, "": 1, good: 2 })[moodOf(each.verdict)];
  return waited(url, (said) => {
    const told = { waiting: "The checks are running. This page shows them as soon as they are done.", failed: `The checks could not run: ${said.why}` }[said.state] || tally(said.counts);
    byId("checks-state").replaceChildren(foreign(told));
    byId("checks-policies").replaceChildren(said.policies.length ? "Policies: " : "", ...said.policies.flatMap(([name, version], place) => [place ? ", " : "", foreign(`${name} ${version}`)]));
    const rows = said.findings.toSorted((a, b) => order(a) - order(b));
    const open = rows.filter((each) => !isClosed(each.verdict));
    byId("checks").replaceChildren(...open.map((each) => findingItem(each, media, go)));
    byId("passed").replaceChildren(...rows.filter((each) => isClosed(each.verdict)).map((each) => findingItem(each, media, go)));
    byId("passed-part").hidden = rows.length === open.length;
    byId("passed-count").textContent = String(rows.length - open.length);
    byId("finding-count").textContent = String(open.length + Number(byId("finding-count").dataset.warnings));
    found(open);
  }).catch((refused) => { byId("checks-state").textContent = refused.message; });
};

const node = (file) => make("li", {},
  make("div", {}, make("strong", {}, foreign(file.title)), " ", make("span", { class: "quiet small" }, [file.relation, file.kind].filter(Boolean).join(", "))),
  file.credential ? make("div", { class: "small" }, `Content Credentials: ${words(file.credential)}`) : null,
  file.source_type ? make("div", { class: "small quiet" }, foreign(file.source_type)) : null,
  file.record.length ? make("dl", { class: "facts" }, ...file.record.flatMap(([name, value, known]) => [make("dt", {}, words(name)), make("dd", {}, foreign(value), " ", make("span", { class: "quiet small" }, `(${known})`))])) : null,
  file.sha256 ? make("div", { class: "mono quiet" }, `SHA-256 ${file.sha256}`) : null,
  file.inputs.length ? make("ul", {}, ...file.inputs.map(node)) : null);

/** Shows what the film's file declares, and what it was made from. */
export const showProvenance = (url) => waited(url, (said) => {
  const told = { waiting: "The file is being verified.", failed: `The file could not be verified: ${said.why}` }[said.state] || said.why;
  byId("provenance-state").replaceChildren(foreign(told || ""));
  byId("provenance-facts").replaceChildren(facts([["Integrity", said.integrity], ["Signer", said.signer], ["Time", said.time], ["Chain", said.chain]]));
  byId("provenance-findings").replaceChildren(...said.findings.map((each) => make("li", {}, foreign(each))));
  byId("provenance-tree").replaceChildren(...(said.tree ? [node(said.tree)] : []));
  byId("actions").replaceChildren(...said.actions.map(([name, text]) => make("li", {}, make("span", { class: "mono" }, foreign(name)), " ", foreign(text))));
  byId("actions-part").hidden = !said.actions.length;
}).catch((refused) => { byId("provenance-state").textContent = refused.message; say(refused.message); });
