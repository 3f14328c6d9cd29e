// Saves a form as it is filled in, and keeps it in this browser while there is no connection.
// Every form works without this file. `own` says what is particular to a form:
//   prefix, id      where changes are kept here: under prefix + id
//   content()       what the form holds; fill(kept) puts it back; same(one, other) compares two
//   encode(given)   what is sent of it
//   saved(answer)   what else to show of an answer; refused(answer, sent) what to do about one
window.openqmm = window.openqmm || {};
window.openqmm.autosave = function (form, own) {
  "use strict";

  const say = document.querySelector("[data-save-state]");
  const RETRY_MS = 10000;
  let timer = null;
  let sending = null;
  let entry = null;
  let held = false;
  // Whether a hand did what is sent next; what is only sent again does not keep a session alive.
  let byHand = true;

  // What is kept in this browser until the server has it.

  function keep(id, kept) {
    try {
      localStorage.setItem(own.prefix + id, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the form itself still holds the change.
    }
  }

  function drop(id) {
    localStorage.removeItem(own.prefix + id);
  }

  function keptFor(id) {
    try {
      return JSON.parse(localStorage.getItem(own.prefix + id));
    } catch {
      return null;
    }
  }

  function keptIds() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(own.prefix))
      .map((key) => key.slice(own.prefix.length));
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
    const n = keptIds().length;
    const words = n === 1 ? say.dataset.offlineOne : say.dataset.offlineMany.replace("%n", n);
    tell(words, "warn");
  }

  // Sending. The answer is one of: saved, refused, signed out, offline.

  function token() {
    // The cookie is newer than the page after a second sign-in.
    const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  async function post(url, given) {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body: own.encode(given),
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
      return { state: answer.ok ? "saved" : "refused", status: answer.status, ...(await answer.json()) };
    } catch {
      return { state: answer.status === 404 ? "gone" : "offline" };
    }
  }

  async function sendOnce() {
    const sent = own.content();
    tell(say.dataset.saving, "");
    const answer = await post(form.action, sent);
    if (answer.state === "saved") {
      form.elements.version.value = answer.version;
      own.saved(answer);
      if (own.same(own.content(), sent)) {
        drop(own.id);
        entry = null;
        tellSaved(answer);
      } else {
        keep(own.id, { ...own.content(), url: form.action });
      }
    } else if (answer.state === "refused") {
      own.refused(answer, sent);
    } else if (answer.state === "signed out") {
      tell(say.dataset.signedOut, "stop");
    } else if (answer.state === "gone") {
      tell(say.dataset.late, "stop");
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
    entry = own.content();
    keep(own.id, { ...entry, url: form.action });
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  function forget() {
    drop(own.id);
    entry = null;
    held = false;
  }

  // The form itself takes over; the copy here is for coming back to the page.
  function handOver() {
    if (entry) keep(own.id, { ...own.content(), url: form.action, handed: true });
    entry = null;
  }

  async function sendOthers() {
    for (const id of keptIds().filter((one) => one !== own.id)) {
      const kept = keptFor(id);
      if (!kept || new URL(kept.url, location.href).origin !== location.origin) continue;
      const answer = await post(kept.url, kept);
      if (answer.state === "saved") {
        drop(id);
        own.saved(answer);
      } else if (answer.state === "refused") {
        tell(id + " " + say.dataset.elsewhere, "stop");
      } else {
        return;
      }
    }
  }

  async function retry() {
    if (!keptIds().length) return;
    byHand = false;
    if (entry && !held) await send();
    if (own.others) await sendOthers();
  }

  function begin() {
    window.addEventListener("pagehide", function () {
      if (entry) post(form.action, own.content());
    });
    window.addEventListener("online", retry);
    window.addEventListener("offline", tellOffline);
    setInterval(retry, RETRY_MS);
    const kept = keptFor(own.id);
    const way = performance.getEntriesByType("navigation")[0];
    if (kept && kept.handed && !(way && way.type === "back_forward")) drop(own.id);
    else if (kept && own.same(kept, own.content())) drop(own.id);
    else if (kept) {
      own.fill(kept);
      entry = own.content();
    }
    retry();
  }

  return {
    begin,
    changed,
    forget,
    handOver,
    // Two versions wait for a person: nothing is sent again by itself until they have chosen.
    hold: function (yes) { held = yes; },
    keptIds,
    pending: () => Boolean(entry),
    say,
    send,
    take: function () { entry = entry || own.content(); },
    tell,
    tellOffline,
    tellSaved,
  };
};
