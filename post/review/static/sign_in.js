// Uses the token that stands behind the # of a sign-in link, once, and takes it out of the address.
import { ask } from "./session.js";

const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", location.pathname);
  try {
    await ask("/sign-in/link", "POST", { token });
    location.replace("/");
  } catch (fault) {
    document.getElementById("state").textContent = fault.message;
  }
}
