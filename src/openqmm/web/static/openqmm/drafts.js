// Keeps what a person types in a form until it is sent, in this window only, for this person only.
// A sign-out by the clock therefore loses nothing: it is there again after signing in.
(function () {
  "use strict";

  const PREFIX = "openqmm.draft.";
  const person = document.body.dataset.person || "";
  const SECRET = /password|code|credential|token|secret/i;

  function keys() {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, draft) {
    try {
      sessionStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // A full or forbidden store: the form itself still holds what was typed.
    }
  }

  function drop(key) {
    sessionStorage.removeItem(key);
  }

  // Nothing secret, nothing hidden, no files.
  function kept(control) {
    return control.name && !control.disabled && !SECRET.test(control.name) &&
      !["password", "hidden", "file", "submit", "button", "image", "reset"].includes(control.type) &&
      !/one-time-code|password/.test(control.autocomplete || "");
  }

  function values(form) {
    return [...form.elements].filter(kept).map(function (control) {
      const ticked = control.type === "checkbox" || control.type === "radio";
      const chosen = control.multiple ? [...control.selectedOptions].map((one) => one.value) : null;
      return { name: control.name, own: ticked ? control.value : "", ticked: ticked && control.checked,
        value: ticked ? "" : chosen || control.value };
    });
  }

  function fill(form, saved) {
    for (const control of [...form.elements].filter(kept)) {
      const ticked = control.type === "checkbox" || control.type === "radio";
      const same = saved.filter((one) => one.name === control.name);
      const found = ticked ? same.find((one) => one.own === control.value) : same[0];
      if (!found) continue;
      if (ticked) control.checked = found.ticked;
      else if (control.multiple) for (const one of control.options) one.selected = found.value.includes(one.value);
      else control.value = found.value;
    }
  }

  function forms() {
    return [...document.querySelectorAll("form")].filter(function (form) {
      return form.method === "post" && !("noDraft" in form.dataset) && !("scoring" in form.dataset) &&
        [...form.elements].some(kept);
    });
  }

  function say(form, key, before) {
    const words = document.querySelector("[data-draft-words]");
    if (!words) return;
    const told = words.content.firstElementChild.cloneNode(true);
    told.querySelector("button").addEventListener("click", function () {
      fill(form, before);
      drop(key);
      told.remove();
    });
    form.prepend(told);
  }

  function tend(form, index) {
    const key = PREFIX + [person, location.pathname, index].join("|");
    const draft = read(key);
    const before = values(form);
    const back = performance.getEntriesByType("navigation")[0];
    if (draft && draft.sent && !(back && back.type === "back_forward")) drop(key);
    else if (draft && JSON.stringify(draft.values) !== JSON.stringify(before)) {
      fill(form, draft.values);
      form.dispatchEvent(new Event("change"));
      write(key, { values: draft.values });
      say(form, key, before);
    }
    function keep() { write(key, { values: values(form) }); }
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", function (event) {
      if (!event.defaultPrevented) write(key, { values: values(form), sent: true });
    });
  }

  // Signing out by hand leaves nothing behind.
  document.addEventListener("submit", function (event) {
    if (event.target.action.includes("/logout/")) keys().forEach(drop);
  });

  if (!person) {
    // Nobody is signed in: what was sent last may have met the end of the session. It counts as not sent.
    for (const key of keys()) {
      const draft = read(key);
      if (draft) write(key, { values: draft.values });
    }
    return;
  }
  keys().filter((key) => !key.startsWith(PREFIX + person + "|")).forEach(drop);
  forms().forEach(tend);
})();
