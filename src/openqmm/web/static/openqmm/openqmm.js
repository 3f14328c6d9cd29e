// Small conveniences only: every page works without this file.
(function () {
  "use strict";

  function setUpMenu(button) {
    var target = document.getElementById(button.dataset.toggles);
    if (!target) return;
    function show(open) {
      button.setAttribute("aria-expanded", String(open));
      target.classList.toggle("is-folded", !open);
    }
    button.hidden = false;
    show(false);
    button.addEventListener("click", function () {
      show(button.getAttribute("aria-expanded") !== "true");
    });
  }

  function closeDrops(except) {
    document.querySelectorAll("[data-drop][open]").forEach(function (drop) {
      if (drop !== except) drop.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    closeDrops(event.target.closest("[data-drop]"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var drop = document.activeElement && document.activeElement.closest("[data-drop][open]");
    closeDrops(null);
    if (drop) drop.querySelector("summary").focus();
  });

  // The second click of an impatient hand would be refused, and would hide what the first one did.
  // After a while it counts again: the first may have been lost on the way.
  var WAIT_MS = 5000;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    var sent = Number(form.dataset.sent || -WAIT_MS);
    if (event.timeStamp - sent < WAIT_MS) event.preventDefault();
    else form.dataset.sent = String(event.timeStamp);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  // A printed page has no hand to open what is folded.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open]):not([data-drop])").forEach(function (fold) {
      fold.open = true;
      fold.dataset.folded = "";
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-folded]").forEach(function (fold) {
      fold.open = false;
      delete fold.dataset.folded;
    });
  });

  document.querySelectorAll("[data-toggles]").forEach(setUpMenu);
  var firstError = document.querySelector("[data-focus]");
  if (firstError) firstError.focus();
})();
