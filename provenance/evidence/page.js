(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const facts = JSON.parse(byId("facts").textContent);
  const video = byId("video");
  const LARGEST = 1e9; // bytes: what c2pa-web reads
  const MOST_CODES = 12;
  const STATES = {
    Trusted: ["good", "Trusted", "Nothing that the signature covers was changed, and a list in this page vouches for the signer."],
    Valid: ["open", "Intact, signer not trusted", "Nothing that the signature covers was changed. No list in this page vouches for the signer: anybody may have signed it."],
    Invalid: ["bad", "Invalid", "The file is not what was signed, or its credentials do not hold."],
    None: ["open", "No credentials", "The file carries no Content Credentials, or they were taken out."],
    Unknown: ["open", "Could not be checked", "This is not a pass. Check it with the commands below."],
  };

  // Base64, a few megabytes at a time: one string of all bytes would be held three times.
  const unpacked = (id) => {
    const text = byId(id).textContent, step = 1 << 22;
    const parts = [];
    for (let at = 0; at < text.length; at += step) {
      const letters = atob(text.slice(at, at + step));
      const part = new Uint8Array(letters.length);
      for (let i = 0; i < letters.length; i++) part[i] = letters.charCodeAt(i);
      parts.push(part);
    }
    return new Blob(parts);
  };

  let reading = null; // the SDK, started once
  const sdk = () => {
    reading ??= (async () => {
      const plain = unpacked("wasm").stream().pipeThrough(new DecompressionStream("gzip"));
      const wasmSrc = await WebAssembly.compile(await new Response(plain).arrayBuffer());
      return modules.c2pa.createC2pa({ wasmSrc, settings: { verify: { verifyTrust: true } } });
    })();
    return reading;
  };

  const digest = async (file) => {
    if (!crypto.subtle) return "";
    const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // What c2pa-web says of a file under some trust lists; null where it carries no manifest.
  const read = async (file, type, trustAnchors) => {
    const reader = await (await sdk()).reader.fromBlob(type, file, trustAnchors ? { trust: { trustAnchors } } : undefined);
    if (!reader) return null;
    try {
      return await reader.manifestStore();
    } finally {
      await reader.free();
    }
  };
  const results = (store) => store.validation_results?.activeManifest ?? {};
  const codes = (rows, most = MOST_CODES) => [...new Set((rows ?? []).map((row) => String(row.code)))].slice(0, most);

  const trusts = (store) => Boolean(store) && codes(results(store).success, Infinity).includes("signingCredential.trusted");

  const judge = async (file, type) => {
    if (file.size > LARGEST) return { state: "Unknown", why: "It is larger than a browser can check." };
    if (!modules.c2pa.isSupportedReaderFormat(type)) return { state: "Unknown", why: "c2pa-web does not read files of this kind." };
    const store = await read(file, type, facts.all);
    if (!store) return { state: "None" };
    let state = store.validation_state in STATES ? store.validation_state : "Invalid";
    // A list of time-stamping authorities vouches for no signer: asked again with the lists of signers alone.
    if (state === "Trusted") {
      const alone = facts.signers ? await read(file, type, facts.signers) : null;
      if (!trusts(alone)) state = "Valid";
    }
    const own = state === "Trusted" && !(facts.others && trusts(await read(file, type, facts.others)));
    const active = store.manifests?.[store.active_manifest] ?? {};
    const signature = active.signature_info ?? {};
    return {
      state,
      signer: signature.common_name || signature.issuer || "",
      time: signature.time || "",
      failed: codes(results(store).failure),
      why: own ? "Only a development root vouches for the signer: nobody else has a reason to trust it." : "",
      own,
    };
  };

  const show = (rows) => {
    const list = byId("details");
    list.replaceChildren();
    for (const [name, value] of rows) {
      if (!value) continue;
      const term = document.createElement("dt"), said = document.createElement("dd"), apart = document.createElement("bdi");
      term.textContent = name;
      apart.textContent = value.length > 400 ? `${value.slice(0, 400)} …` : value;
      said.append(apart);
      list.append(term, said);
    }
  };
  const say = (state, why, own) => {
    const [tone, word, meaning] = STATES[state];
    byId("state").className = `state ${own ? "own" : tone}`;
    byId("state").textContent = word;
    byId("meaning").textContent = why ? `${meaning} ${why}` : meaning;
    document.documentElement.dataset.state = state;
  };

  let turn = 0; // of two checks, the later one is shown
  const check = async (file, name, type) => {
    const own = ++turn;
    delete document.documentElement.dataset.state;
    byId("state").className = "state open";
    byId("state").textContent = "Being checked";
    show([["File", name]]);
    let found, sha256 = "";
    try {
      found = await judge(file, type);
      if (file.size <= LARGEST) sha256 = await digest(file);
    } catch (fault) {
      found = { state: "Unknown", why: `The check ended with an error (${String(fault?.message ?? fault).slice(0, 200)}).` };
    }
    if (own !== turn) return;
    const same = sha256 === facts.sha256;
    show([
      ["File", name],
      ["Size", `${file.size.toLocaleString("en")} bytes`],
      ["SHA-256", sha256 || "not computed here"],
      ["Same file as in this report", sha256 ? (same ? "yes" : "no: its SHA-256 differs") : "not known"],
      ["Signed by", found.signer],
      ["Time-stamp", found.time],
      ["What failed", (found.failed ?? []).join(", ")],
    ]);
    say(found.state, found.why, found.own);
  };

  const play = (file) => {
    if (file.type.startsWith("image/")) return;
    video.hidden = false;
    if (video.src) URL.revokeObjectURL(video.src);
    video.src = URL.createObjectURL(file);
    for (const button of document.querySelectorAll(".seek")) button.hidden = false;
  };
  for (const button of document.querySelectorAll(".seek")) {
    button.addEventListener("click", () => {
      video.pause();
      video.currentTime = Number(button.dataset.at);
      video.scrollIntoView({ block: "center" });
      video.focus({ preventScroll: true });
    });
  }
  byId("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (!file) return;
    play(file);
    byId("plays").textContent = `What plays is the file that you chose: ${file.name}`;
    check(file, file.name, file.type || facts.type);
  });
  if (facts.film !== "none") {
    const held = new Blob([unpacked("film")], { type: facts.filmType });
    byId("film").remove();
    play(held);
    if (facts.film === "film") check(held, `${facts.name}, as it is in this page`, facts.type);
  }
})();
