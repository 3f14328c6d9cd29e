// Signing with a passkey in place of a code: asks the browser for one, puts its answer into the
// signing form, sends the form. Without scripts, or without a passkey, the code field is there.
(function () {
  "use strict";

  const place = document.getElementById("signing-passkey");
  if (!place || !window.PublicKeyCredential) return;

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function wanted() {
    const held = JSON.parse(place.textContent);
    const given = { ...(held.request_options || held).publicKey };
    given.challenge = bytes(given.challenge);
    given.allowCredentials = (given.allowCredentials || []).map((one) => ({ ...one, id: bytes(one.id) }));
    return given;
  }

  function answered(made) {
    const response = {};
    for (const part of ["clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = text(made.response[part]);
    }
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response,
      clientExtensionResults: made.getClientExtensionResults(),
    });
  }

  document.querySelectorAll("[data-sign-passkey]").forEach(function (offer) {
    const form = offer.closest("form");
    const fault = offer.querySelector("[role=alert]");
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", function () {
      fault.hidden = true;
      navigator.credentials.get({ publicKey: wanted() })
        .then(function (made) {
          form.elements.passkey.value = answered(made);
          form.submit();
        })
        .catch(function () { fault.hidden = false; });
    });
  });
})();
