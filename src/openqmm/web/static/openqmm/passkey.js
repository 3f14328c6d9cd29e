// Passkeys: asks the browser for one, puts its answer into the form, sends the form.
(function () {
  "use strict";

  const forms = document.querySelectorAll("form[data-passkey]");
  if (!forms.length || !window.PublicKeyCredential) return;

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function named(list) {
    return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  }

  function asked(given) {
    const wanted = { ...given.publicKey };
    wanted.challenge = bytes(wanted.challenge);
    if (wanted.user) wanted.user = { ...wanted.user, id: bytes(wanted.user.id) };
    if (wanted.excludeCredentials) wanted.excludeCredentials = named(wanted.excludeCredentials);
    if (wanted.allowCredentials) wanted.allowCredentials = named(wanted.allowCredentials);
    return wanted;
  }

  function answered(made) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = text(made.response[part]);
    }
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response,
      clientExtensionResults: made.getClientExtensionResults(),
    };
  }

  async function options(form) {
    const place = form.dataset.options && document.getElementById(form.dataset.options);
    if (place) {
      const held = JSON.parse(place.textContent);
      return held.request_options || held;
    }
    const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  async function ask(form) {
    const wanted = asked(await options(form));
    const made = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: wanted })
      : await navigator.credentials.get({ publicKey: wanted });
    form.elements.credential.value = JSON.stringify(answered(made));
    form.submit();
  }

  forms.forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const fault = form.querySelector("[data-passkey-fault]");
      fault.hidden = true;
      ask(form).catch(function () { fault.hidden = false; });
    });
  });
})();
