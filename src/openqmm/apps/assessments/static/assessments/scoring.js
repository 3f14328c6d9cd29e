// Saves a score as it is filled in, keeps it here while there is no connection, and answers to keys.
// The form works without this file.
(function () {
  "use strict";

  const form = document.querySelector("[data-scoring]");
  if (!form) return;
  const { person, assessment, question } = form.dataset;
  const say = document.querySelector("[data-save-state]");
  const prefix = ["openqmm", "score", person, assessment, ""].join(".");
  const RETRY_MS = 10000;
  const TYPING_MS = 900;
  let timer = null;
  let sending = null;
  let entry = null;
  // Whether a hand did what is sent next; what is only sent again does not keep a session alive.
  let byHand = true;

  // What the form holds, as it would be sent.

  function content() {
    const given = new FormData(form);
    return {
      mark: given.get("mark") || "",
      rationale: given.get("rationale") || "",
      evidence_types: given.getAll("evidence_types"),
      version: Number(form.elements.version.value),
    };
  }

  function fill(saved) {
    form.querySelectorAll("[name=mark]").forEach(function (radio) {
      radio.checked = radio.value === saved.mark;
    });
    form.elements.rationale.value = saved.rationale;
    form.querySelectorAll("[name=evidence_types]").forEach(function (box) {
      box.checked = saved.evidence_types.includes(box.value);
    });
    form.elements.version.value = saved.version;
  }

  function same(one, other) {
    return one.mark === other.mark && one.rationale.trim() === other.rationale.trim() &&
      [...one.evidence_types].sort().join() === [...other.evidence_types].sort().join();
  }

  // What is kept in this browser until the server has it, by question.

  function keep(id, kept) {
    try {
      localStorage.setItem(prefix + id, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the form itself still holds the change.
    }
  }

  function drop(id) {
    localStorage.removeItem(prefix + id);
  }

  function keptFor(id) {
    try {
      return JSON.parse(localStorage.getItem(prefix + id));
    } catch {
      return null;
    }
  }

  function keptQuestions() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  }

  // Words.

  function tell(words, tone) {
    say.textContent = words;
    say.dataset.tone = tone || "";
  }

  function tellSaved(answer) {
    const missing = answer.lacks.length
      ? " · " + say.dataset.lacking + " " + answer.lacks.join(", ") : "";
    tell(say.dataset.saved + " " + answer.saved_at + missing, "");
  }

  function tellOffline() {
    const n = keptQuestions().length;
    const words = n === 1 ? say.dataset.offlineOne : say.dataset.offlineMany.replace("%n", n);
    tell(words, "warn");
  }

  function mark(answer) {
    const link = document.querySelector('[data-link="' + CSS.escape(answer.question) + '"]');
    if (!link) return;
    link.dataset.complete = answer.complete ? "yes" : "no";
    link.querySelector("[data-mark]").textContent = answer.complete ? answer.mark : form.dataset.begun;
    const area = link.closest("[data-area]");
    const done = '[data-complete="yes"]';
    area.querySelector("[data-area-done]").textContent = area.querySelectorAll(done).length;
    document.querySelectorAll("[data-total-done]").forEach(function (count) {
      count.textContent = document.querySelectorAll("[data-link]" + done).length;
    });
  }

  // Sending. The answer is one of: saved, refused, signed out, offline.

  function token() {
    // The cookie is newer than the page after a second sign-in.
    const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  async function post(url, given) {
    const body = new URLSearchParams();
    body.set("mark", given.mark);
    body.set("rationale", given.rationale);
    body.set("version", given.version);
    body.set("person", person);
    given.evidence_types.forEach((kind) => body.append("evidence_types", kind));
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "X-CSRFToken": token(),
          ...(byHand ? {} : { "X-Background": "1" }),
        },
        redirect: "manual",
        keepalive: true,
      });
    } catch {
      return { state: "offline" };
    }
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      return { state: "signed out" };
    }
    if (answer.status >= 500) return { state: "offline" };
    try {
      return { state: answer.ok ? "saved" : "refused", ...(await answer.json()) };
    } catch {
      return { state: "offline" };
    }
  }

  async function sendOnce() {
    const sent = content();
    tell(say.dataset.saving, "");
    const answer = await post(form.action, sent);
    if (answer.state === "saved") {
      form.elements.version.value = answer.version;
      mark(answer);
      if (same(content(), sent)) {
        drop(question);
        entry = null;
        tellSaved(answer);
      } else {
        keep(question, { ...content(), url: form.action });
      }
    } else if (answer.state === "refused") {
      conflict(answer, sent);
    } else if (answer.state === "signed out") {
      tell(say.dataset.signedOut, "stop");
    } else {
      tellOffline();
    }
    return answer.state;
  }

  // One request at a time: the version of the next is the answer to the one before.
  async function send() {
    clearTimeout(timer);
    while (sending) await sending;
    if (!entry) return "saved";
    sending = sendOnce().finally(function () { sending = null; });
    const state = await sending;
    return state === "saved" && entry ? send() : state;
  }

  function changed(delay) {
    byHand = true;
    entry = content();
    keep(question, { ...entry, url: form.action });
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  async function sendOthers() {
    for (const id of keptQuestions().filter((one) => one !== question)) {
      const kept = keptFor(id);
      if (!kept || new URL(kept.url, location.href).origin !== location.origin) continue;
      const answer = await post(kept.url, kept);
      if (answer.state === "saved") {
        drop(id);
        mark(answer);
      } else if (answer.state === "refused") {
        tell(id + " " + say.dataset.elsewhere, "stop");
      } else {
        return;
      }
    }
  }

  async function retry() {
    if (!keptQuestions().length) return;
    byHand = false;
    if (entry && document.querySelector("[data-conflict]").hidden) await send();
    await sendOthers();
  }

  // Two versions of one score.

  function shown(version) {
    return (version.mark || "–") + (version.rationale ? ": " + version.rationale : "");
  }

  function conflict(answer, mine) {
    const panel = document.querySelector("[data-conflict]");
    const stored = answer.stored;
    panel.querySelector("[data-conflict-message]").textContent = answer.message;
    panel.querySelector("[data-conflict-stored]").textContent = stored ? shown(stored) : "–";
    panel.querySelector("[data-conflict-mine]").textContent = shown(mine);
    panel.querySelector("[data-take-stored]").onclick = function () {
      if (stored) fill(stored);
      drop(question);
      entry = null;
      panel.hidden = true;
      if (stored) tellSaved(stored);
    };
    panel.querySelector("[data-keep-mine]").onclick = function () {
      form.elements.version.value = stored ? stored.version : 0;
      panel.hidden = true;
      changed(0);
    };
    panel.hidden = false;
    panel.focus();
    tell(panel.querySelector("h3").textContent, "stop");
  }

  // Going on to another question: what is typed is kept first, sent if there is time.

  async function go(direction) {
    const target = form.dataset[direction];
    if (!target) return;
    const waited = new Promise((done) => setTimeout(done, 1500, "waited"));
    const state = entry ? await Promise.race([send(), waited]) : "saved";
    if (state === "refused" || state === "signed out") return;
    if (state === "offline" || !navigator.onLine) {
      tellOffline();
      say.textContent += ". " + say.dataset.notOpened;
      return;
    }
    location.href = target;
  }

  // Keys, which can be turned off: single letters are also what some voices and hands produce.

  const keys = document.querySelector("[data-keys]");
  const keySwitch = keys.querySelector("[data-keys-switch]");
  let listening = localStorage.getItem("openqmm.keys") !== "off";

  function showSwitch() {
    keySwitch.textContent = listening ? keySwitch.dataset.off : keySwitch.dataset.on;
    keySwitch.setAttribute("aria-pressed", String(listening));
  }

  function typing(target) {
    return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  }

  function onKey(event) {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (!listening || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const value = { n: "NR", a: "NA" }[key] || (/^[1-5]$/.test(key) ? key : null);
    if (value && !("locked" in form.dataset)) {
      const radio = document.getElementById("mark-" + value);
      radio.checked = true;
      radio.focus({ preventScroll: true });
      changed(0);
    } else if (key === "j" || key === "k") {
      go(key === "j" ? "next" : "previous");
    } else {
      return;
    }
    event.preventDefault();
  }

  function begin() {
    keys.hidden = false;
    showSwitch();
    keySwitch.addEventListener("click", function () {
      listening = !listening;
      localStorage.setItem("openqmm.keys", listening ? "on" : "off");
      showSwitch();
    });
    document.addEventListener("keydown", onKey);
    const list = document.querySelector("[data-list]");
    if (window.matchMedia("(max-width: 64rem)").matches) list.open = false;
    const here = list.querySelector("[aria-current]");
    if (here && list.open) list.scrollTop = here.offsetTop - list.clientHeight / 2;
    if ("locked" in form.dataset) {
      if (keptQuestions().length) tell(say.dataset.late + keptQuestions().join(", "), "stop");
      return;
    }
    form.addEventListener("change", function () { changed(0); });
    form.addEventListener("input", function (event) {
      if (event.target.name === "rationale") changed(TYPING_MS);
    });
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      entry = entry || content();
      const state = await send();
      if (state === "saved" && form.dataset.next) location.href = form.dataset.next;
    });
    document.querySelectorAll("[data-go]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(link.dataset.go);
      });
    });
    window.addEventListener("pagehide", function () { if (entry) post(form.action, content()); });
    window.addEventListener("online", retry);
    window.addEventListener("offline", tellOffline);
    setInterval(retry, RETRY_MS);
    restore();
  }

  function restore() {
    const kept = keptFor(question);
    if (kept && same(kept, content())) drop(question);
    else if (kept) {
      fill(kept);
      entry = content();
    }
    retry();
  }

  begin();
})();
