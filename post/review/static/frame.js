// What every page has: times as the reader writes them, and signing out.

import { ask } from "./api.js";
import { byId, say, writeTimes } from "./dom.js";

writeTimes();
document.body.addEventListener("htmx:after:swap", writeTimes);
byId("sign-out")?.addEventListener("click", async () => {
  try {
    await ask("/sign-out", { method: "POST" });
    location.assign("/sign-in");
  } catch (refused) {
    say(refused.message);
  }
});
