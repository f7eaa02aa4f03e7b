// Keys: j and k go through a [data-list], Enter opens, 1-5 give a score and go on, arrows choose between
// [data-left] and [data-right], / goes to the filter, ? shows the keys, [data-shortcut] names further ones; Backspace is u.
"use strict";
(() => {
  const isTyping = (target) =>
    target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) ||
    (target.tagName === "INPUT" && !["radio", "checkbox", "submit", "button"].includes(target.type));

  const step = (by) => {
    const items = [...document.querySelectorAll("[data-list] [data-item]")];
    if (items.length === 0) return false;
    const here = items.findIndex((item) => item.classList.contains("is-here"));
    const next = items[here < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(Math.max(here + by, 0), items.length - 1)];
    for (const item of items) item.classList.toggle("is-here", item === next);
    (next.querySelector("a, button, input") || next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  const groups = () => [...document.querySelectorAll("[data-score]")];
  const give = (number) => {
    const all = groups();
    if (all.length === 0) return false;
    const here = all.find((group) => group.contains(document.activeElement)) || all.find((group) => !group.querySelector(":checked")) || all[0];
    const radio = here.querySelectorAll("input[type=radio]")[number - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const next = all[all.indexOf(here) + 1];
    if (next) {
      const target = next.querySelector(":checked") || next.querySelector("input[type=radio]");
      target.focus();
      next.scrollIntoView({ block: "nearest" });
    } else {
      radio.focus();
    }
    return true;
  };

  const press = (selector) => {
    const control = document.querySelector(selector);
    if (!control || control.disabled) return false;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(control.tagName)) control.focus();
    else control.click();
    return true;
  };

  const search = () => {
    const input = document.querySelector("[role=search] input:not([type=hidden]), [data-filter]");
    if (!input) return false;
    input.focus();
    return true;
  };

  const help = () => {
    const dialog = document.getElementById("keys-help");
    if (!dialog?.showPopover) return false;
    dialog.togglePopover();
    return true;
  };

  const done = (key) => {
    if (key === "j") return step(1);
    if (key === "k") return step(-1);
    if (key === "/") return search();
    if (key === "?") return help();
    if (/^[1-5]$/.test(key)) return give(Number(key));
    if (key === "ArrowLeft") return press("[data-left]");
    if (key === "ArrowRight") return press("[data-right]");
    if (key === "Backspace") return press('[data-shortcut="u"]');
    return key.length === 1 && press(`[data-shortcut="${CSS.escape(key)}"]`);
  };

  // Ctrl+Enter (or Cmd+Enter) hands in the form one is writing in.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form");
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return;
    const button = form.querySelector("button[type=submit]:not(:disabled)");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  // <form data-timer="field"> counts into that field the seconds during which its page was looked at.
  for (const form of document.querySelectorAll("form[data-timer]")) {
    const field = form.elements[form.dataset.timer];
    setInterval(() => {
      if (field && document.visibilityState === "visible" && document.hasFocus()) field.value = Number(field.value || 0) + 1;
    }, 1000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (event.key.startsWith("Arrow") && event.target.type === "radio") return;
    if (done(event.key)) event.preventDefault();
  });
})();
