// Enrols a key of the person whose link this is: the token behind the # is taken out of the address, and sent once.

import { ask } from "./api.js";
import { whyNot } from "./decide.js";
import { byId } from "./dom.js";

const token = location.hash.slice(1);
let made = null;
history.replaceState(null, "", location.pathname);
byId("enrol").disabled = !token;
byId("no-token").hidden = Boolean(token);
byId("enrol").addEventListener("click", async () => {
  byId("fault").textContent = "";
  try {
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) throw new Error("This browser cannot make keys: open the link in a newer one.");
    if (!made) made = await ask("/enrol/options", { method: "POST", body: { token } }); // the link works once
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(made.publicKey);
    const credential = await navigator.credentials.create({ publicKey });
    await ask("/enrol", { method: "POST", body: { key: made.key, credential: credential.toJSON() } });
    byId("enrol").hidden = true;
    byId("done").hidden = false;
  } catch (refused) {
    byId("fault").textContent = whyNot(refused);
  }
});
