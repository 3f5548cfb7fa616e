// Approves or rejects: the browser asks for the person's key, and the server checks what it signed.

import { ask } from "./api.js";
import { byId, say } from "./dom.js";

const canUseKeys = () => Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials);

/** Why a key gave no signature, in words. */
const whyNot = (fault) => {
  if (fault.name === "NotAllowedError") return "The key was not used: nothing is decided. Try again, and confirm on your key.";
  if (fault.name === "SecurityError") return "This address cannot use keys: open the page by the address that the server told.";
  return fault.message;
};

/** Returns the answer of a person's key to the server's challenge. */
const signed = async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({ publicKey })).toJSON();
};

/** Listens to the form. */
export const openDecisions = () => {
  const form = byId("decide");
  if (!form) return;
  const fault = byId("decide-fault");
  if (!canUseKeys()) byId("no-keys").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    const decision = event.submitter?.value || "approve";
    const reason = byId("reason").value.trim();
    if (decision === "reject" && !reason) {
      fault.textContent = "Say why, so that whoever makes the film knows what to change.";
      byId("reason").focus();
      return;
    }
    const body = { decision, reason, gate: new FormData(form).get("gate") };
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const options = await ask(form.dataset.begin, { method: "POST", body });
      await ask(form.action, { method: "POST", body: { ...body, assertion: await signed(options) } });
      say(decision === "approve" ? "Approved" : "Rejected");
      location.reload();
    } catch (refused) {
      fault.textContent = whyNot(refused);
    } finally {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });
};
