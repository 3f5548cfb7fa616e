// Signs in by the token behind the # of a link: it is sent once, and taken out of the address.

import { ask } from "./api.js";
import { byId } from "./dom.js";

const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  byId("by-link").hidden = false;
  byId("no-link").hidden = true;
  try {
    await ask("/sign-in/link", { method: "POST", body: { token } });
    location.replace("/");
  } catch (refused) {
    byId("fault").textContent = refused.message;
    byId("by-link").hidden = true;
    byId("no-link").hidden = false;
  }
}
