// What every page shares: asking the server, with the page's secret, and signing out.
const secret = document.body.dataset.secret || "";

/** Asks the server. Returns what it says as JSON, null without a body; throws an Error with .status and its text. */
export async function ask(path, method = "GET", body = undefined) {
  const headers = { accept: "application/json" };
  if (method !== "GET") headers["x-review-secret"] = secret;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin",
  });
  const said = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) {
    const fault = new Error((said && said.detail) || `the server answered ${answer.status}`);
    fault.status = answer.status;
    throw fault;
  }
  return said;
}

const button = document.getElementById("sign-out");
if (button) {
  button.addEventListener("click", async () => {
    await ask("/sign-out", "POST");
    location.assign("/sign-in");
  });
}
