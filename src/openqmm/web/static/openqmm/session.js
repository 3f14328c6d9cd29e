// Tells a person two minutes before the session ends, and lets them stay. Only what a hand does counts
// as activity: the server is told of it now and then, never by a page on its own.
(function () {
  "use strict";

  const dialog = document.querySelector("[data-session]");
  if (!dialog || !dialog.showModal) return;
  const IDLE_MS = Number(dialog.dataset.idle) * 1000;
  const WARN_MS = Math.min(120000, IDLE_MS / 2);
  const TELL_MS = Math.min(60000, IDLE_MS / 6);
  const STORE = "openqmm.active";
  let acted = false;
  let told = Date.now();
  let ends = told + IDLE_MS;

  function share() {
    try {
      localStorage.setItem(STORE, String(ends));
    } catch {
      // Other windows then warn for themselves.
    }
  }

  function token() {
    const found = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    const field = document.querySelector("[name=csrfmiddlewaretoken]");
    return found ? found[1] : field ? field.value : "";
  }

  async function ask(hand) {
    const headers = { Accept: "application/json" };
    if (hand) headers["X-CSRFToken"] = token();
    else headers["X-Background"] = "1";
    try {
      const answer = await fetch(dialog.dataset.address, { method: hand ? "POST" : "GET", headers });
      if (answer.status === 401) return 0;
      if (!answer.ok) return null;
      return (await answer.json()).left;
    } catch {
      return null;
    }
  }

  async function stay() {
    told = Date.now();
    acted = false;
    const left = await ask(true);
    if (left === 0) return over();
    if (left !== null) {
      ends = Date.now() + left * 1000;
      share();
    }
    if (dialog.open && left) dialog.close();
  }

  function over() {
    const again = dialog.querySelector("[data-session-again]");
    again.href = dialog.dataset.signIn + "?next=" + encodeURIComponent(location.pathname + location.search);
    dialog.querySelector("[data-session-soon]").hidden = true;
    dialog.querySelector("[data-session-over]").hidden = false;
    dialog.setAttribute("aria-labelledby", "session-over");
    dialog.querySelector("[data-session-over] h2").id = "session-over";
    dialog.removeAttribute("aria-describedby");
    if (!dialog.open) dialog.showModal();
    again.focus();
    clearInterval(clock);
  }

  async function warn() {
    // Another window, or another computer with this session, may have kept it alive.
    const left = await ask(false);
    if (left === 0) return over();
    if (left !== null) ends = Date.now() + left * 1000;
    if (ends - Date.now() > WARN_MS) return undefined;
    if (!dialog.open) dialog.showModal();
    return undefined;
  }

  let asking = false;
  async function tick() {
    const now = Date.now();
    const left = ends - now;
    if (acted && !dialog.open && now - told >= TELL_MS) {
      await stay();
    } else if (left <= WARN_MS && !dialog.open && !asking) {
      asking = true;
      await warn();
      asking = false;
    } else if (dialog.open) {
      const words = dialog.querySelector("[data-session-left]");
      const shown = Math.max(0, Math.round(left / 15000) * 15);
      const said = words.dataset.words.replace("%n", shown);
      if (words.textContent !== said) words.textContent = said;
      if (left <= 0 && (await ask(false)) === 0) over();
    }
  }

  for (const kind of ["keydown", "pointerdown", "input", "wheel", "touchstart"]) {
    document.addEventListener(kind, function (event) {
      if (event.isTrusted && !dialog.contains(event.target)) acted = true;
    }, { passive: true, capture: true });
  }
  dialog.querySelector("[data-session-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    if (dialog.querySelector("[data-session-over]").hidden) stay();
  });
  window.addEventListener("storage", function (event) {
    if (event.key !== STORE) return;
    ends = Math.max(ends, Number(event.newValue));
    if (dialog.open && ends - Date.now() > WARN_MS) dialog.close();
  });
  share();
  const clock = setInterval(tick, 1000);
})();
