// Saves a score as it is filled in, keeps it here while there is no connection, and answers to keys.
// The form works without this file.
(function () {
  "use strict";

  const form = document.querySelector("[data-scoring]");
  if (!form) return;
  const { person, assessment, question } = form.dataset;
  const panel = document.querySelector("[data-conflict]");
  const TYPING_MS = 900;

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

  function encode(given) {
    const body = new URLSearchParams();
    body.set("mark", given.mark);
    body.set("rationale", given.rationale);
    body.set("version", given.version);
    body.set("person", person);
    given.evidence_types.forEach((kind) => body.append("evidence_types", kind));
    return body;
  }

  // The list of questions beside the form.

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

  // Two versions of one score.

  function shown(version) {
    return (version.mark || "–") + (version.rationale ? ": " + version.rationale : "");
  }

  function conflict(answer, mine) {
    const stored = answer.stored;
    saving.hold(true);
    panel.querySelector("[data-conflict-message]").textContent = answer.message;
    panel.querySelector("[data-conflict-stored]").textContent = stored ? shown(stored) : "–";
    panel.querySelector("[data-conflict-mine]").textContent = shown(mine);
    panel.querySelector("[data-take-stored]").onclick = function () {
      if (stored) fill(stored);
      saving.forget();
      panel.hidden = true;
      if (stored) saving.tellSaved(stored);
    };
    panel.querySelector("[data-keep-mine]").onclick = function () {
      form.elements.version.value = stored ? stored.version : 0;
      panel.hidden = true;
      saving.hold(false);
      saving.changed(0);
    };
    panel.hidden = false;
    panel.focus();
    saving.tell(panel.querySelector("h3").textContent, "stop");
  }

  const saving = window.openqmm.autosave(form, {
    prefix: ["openqmm", "score", person, assessment, ""].join("."),
    id: question,
    content,
    fill,
    same,
    encode,
    saved: mark,
    refused: conflict,
    others: true,
  });

  // Going on to another question: what is typed is kept first, sent if there is time.

  async function go(direction) {
    const target = form.dataset[direction];
    if (!target) return;
    const waited = new Promise((done) => setTimeout(done, 1500, "waited"));
    const state = saving.pending() ? await Promise.race([saving.send(), waited]) : "saved";
    if (state === "refused" || state === "signed out") return;
    if (state === "offline" || !navigator.onLine) {
      saving.tellOffline();
      saving.say.textContent += ". " + saving.say.dataset.notOpened;
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
      saving.changed(0);
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
      const late = saving.keptIds();
      if (late.length) saving.tell(saving.say.dataset.late + late.join(", "), "stop");
      return;
    }
    form.addEventListener("change", function () { saving.changed(0); });
    form.addEventListener("input", function (event) {
      if (event.target.name === "rationale") saving.changed(TYPING_MS);
    });
    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      saving.take();
      const state = await saving.send();
      if (state === "saved" && form.dataset.next) location.href = form.dataset.next;
    });
    document.querySelectorAll("[data-go]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(link.dataset.go);
      });
    });
    saving.begin();
  }

  begin();
})();
