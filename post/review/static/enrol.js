// Makes a key for the person of a one-time link, whose token stands behind the #.
import { ask } from "./session.js";

const token = location.hash.slice(1);
const state = document.getElementById("state");
const button = document.getElementById("enrol");
history.replaceState(null, "", location.pathname);

button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const asked = await ask("/enrol/options", "POST", { token });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.publicKey);
    const made = await navigator.credentials.create({ publicKey });
    await ask("/enrol", "POST", { key: asked.key, credential: made.toJSON() });
    state.textContent = "The key is enrolled.";
  } catch (fault) {
    state.textContent = fault.message;
  }
});
