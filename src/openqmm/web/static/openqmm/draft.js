// A draft saved as it is written. What somebody else saved meanwhile is put together with it on a
// page of its own, which the form itself leads to.
(function () {
  "use strict";

  const form = document.querySelector("[data-autosave]");
  if (!form) return;
  const panel = document.querySelector("[data-conflict]");
  const TYPING_MS = 2500;
  let leaving = false;

  function fields() {
    const given = new FormData(form);
    const found = {};
    for (const control of form.elements) {
      if (control.name && control.type !== "hidden" && control.type !== "submit") {
        found[control.name] = given.getAll(control.name);
      }
    }
    return found;
  }

  function same(one, other) {
    function plain(values) {
      return (values || []).map((value) => value.replace(/\r\n?/g, "\n").trim()).join("\n\n");
    }
    return Object.keys(other.fields).every((name) => plain(one.fields[name]) === plain(other.fields[name]));
  }

  function fill(kept) {
    for (const control of form.elements) {
      const values = kept.fields[control.name];
      if (!values || control.type === "hidden") continue;
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = values.includes(control.value);
      } else {
        control.value = values[0] || "";
      }
    }
    // The version it was typed over, not the one that stands now: what came between must be seen.
    form.elements.version.value = kept.version;
  }

  function encode(given) {
    const body = new URLSearchParams();
    body.set("version", given.version);
    for (const [name, values] of Object.entries(given.fields)) {
      values.forEach((value) => body.append(name, value));
    }
    return body;
  }

  function refused(answer) {
    if (answer.status !== 409) {
      saving.tell(saving.say.dataset.kept + " " + answer.message, "warn");
      return;
    }
    saving.hold(true);
    panel.querySelector("[data-conflict-message]").textContent = answer.message;
    panel.hidden = false;
    panel.scrollIntoView({ block: "nearest" });
    saving.tell(panel.querySelector("h3").textContent, "stop");
  }

  const saving = window.openqmm.autosave(form, {
    prefix: ["openqmm", "draft", form.dataset.person, ""].join("."),
    id: form.dataset.autosave,
    content: () => ({ fields: fields(), version: Number(form.elements.version.value) }),
    fill,
    same,
    encode,
    saved: function () {},
    refused,
  });

  form.addEventListener("input", function (event) {
    saving.changed(event.target.matches("[type=radio], [type=checkbox]") ? 0 : TYPING_MS);
  });
  form.addEventListener("change", function () { if (saving.pending()) saving.changed(0); });
  form.addEventListener("submit", async function (event) {
    if (leaving) return;
    // What is on its way is waited for: the form must carry the version it led to.
    event.preventDefault();
    const state = saving.pending() ? await saving.send() : "saved";
    if (state === "offline" || state === "signed out") return;
    leaving = true;
    saving.handOver();
    form.submit();
  });
  saving.begin();
})();
