// Talks to the server that the page came from, and to no other.

const secret = () => document.body.dataset.secret || "";

export class Refused extends Error {
  /** status: of HTTP; told: what the server says is wrong. */
  constructor(status, told, data) {
    super(told);
    Object.assign(this, { status, data });
  }
}

const told = (status, data) => {
  if (typeof data?.error === "string") return data.error;
  if (typeof data?.message === "string") return data.message;
  if (typeof data?.detail === "string") return data.detail;
  if (status === 401) return "You are signed out. Open your sign-in link again; what you wrote stays here until then.";
  if (status === 403) return "You may not do this.";
  if (status === 409) return "Somebody changed this while you wrote.";
  if (status === 413) return "This is too long.";
  if (status === 429) return "Too many requests: wait a minute.";
  return `The server answered ${status}.`;
};

/** Asks the server, and returns its JSON. Raises Refused where it refuses, or cannot be reached (status 0). */
export const ask = async (url, { method = "GET", body } = {}) => {
  let answer;
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-Review-Secret"] = secret();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Refused(0, "The server cannot be reached. What you wrote stays here.");
  }
  const data = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, told(answer.status, data), data);
  return data;
};
