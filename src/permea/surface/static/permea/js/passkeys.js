// Connects [data-passkey] with the passkey functions of the sign-in library, without inline script.
"use strict";
(() => {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const connect = window.allauth?.webauthn?.forms[place.dataset.passkey];
    if (connect) connect(JSON.parse(place.dataset.passkeyOptions));
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const place of document.querySelectorAll("[data-passkey-error]")) place.hidden = false;
  });
})();
