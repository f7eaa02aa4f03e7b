// Keeps a form's draft: <form data-autosave="address"> is sent a moment after the last change; the state is shown in
// [data-autosave-state], what the server has to say about a field in [data-autosave-hint], and what it has found in
// [data-autosave-list] anywhere on the page, inside a [data-autosave-part] that is hidden while there is nothing. What
// could not be sent stays in the form and is tried again; leaving the page then asks first.
"use strict";
(() => {
  const PAUSE = 800;
  const FIRST_RETRY = 2000;
  const LAST_RETRY = 60000;

  class Draft {
    constructor(form) {
      this.form = form;
      this.output = form.querySelector("[data-autosave-state]");
      this.retry = FIRST_RETRY;
      this.isDirty = false;
      this.isRunning = false;
      this.isLeaving = false;
      form.addEventListener("input", (event) => this.changed(event));
      form.addEventListener("change", (event) => this.changed(event));
      form.addEventListener("submit", () => {
        this.isLeaving = true;
        clearTimeout(this.timer);
      });
      window.addEventListener("online", () => this.isDirty && this.send());
      window.addEventListener("beforeunload", (event) => {
        if (this.isDirty && !this.isLeaving) event.preventDefault();
      });
    }

    changed(event) {
      if (event.target.type === "file" || event.target.closest("[data-no-autosave]")) return;
      this.isDirty = true;
      this.wait(PAUSE);
    }

    wait(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), milliseconds);
    }

    body() {
      const data = new FormData(this.form);
      for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
      return data;
    }

    async send() {
      if (this.isLeaving) return;
      if (this.isRunning) {
        this.wait(PAUSE);
        return;
      }
      this.isRunning = true;
      this.isDirty = false;
      this.show("saving", this.output?.dataset.saving);
      try {
        const answer = await fetch(this.form.dataset.autosave, {
          method: "POST",
          body: this.body(),
          headers: { "X-Autosave": "1", Accept: "application/problem+json, text/html;q=0.5" },
          credentials: "same-origin",
          redirect: "manual",
        });
        await this.answered(answer);
      } catch {
        this.failed();
      } finally {
        this.isRunning = false;
      }
    }

    async answered(answer) {
      if (answer.ok) {
        this.retry = FIRST_RETRY;
        const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        this.show("saved", `${this.output?.dataset.saved} ${time.format(new Date())}`);
        await this.hint(answer);
        this.form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        this.isDirty = true;
        this.show("refused", this.output?.dataset.signedOut);
      } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        this.isDirty = true;
        this.show("refused", `${this.output?.dataset.refused} ${await this.reason(answer)}`);
      } else {
        this.failed();
      }
    }

    async hint(answer) {
      const places = this.form.querySelectorAll("[data-autosave-hint]");
      const lists = document.querySelectorAll("[data-autosave-list]");
      if (!places.length && !lists.length) return;
      const { hints = {}, lists: found = {} } = await answer.json();
      for (const list of lists) this.list(list, found[list.dataset.autosaveList] || []);
      for (const place of places) {
        const text = hints[place.dataset.autosaveHint] || "";
        if (place.textContent !== text) place.textContent = text;
      }
    }

    list(place, rows) {
      const lines = rows.map(({ href, text, lang, note }) => {
        const [line, link, words] = ["li", "a", "span"].map((name) => document.createElement(name));
        Object.assign(link, { href, lang, textContent: text });
        Object.assign(words, { lang, className: "muted small", textContent: note });
        line.append(link, " ", words);
        return line;
      });
      if (place.textContent.trim() !== lines.map((line) => line.textContent).join("")) place.replaceChildren(...lines);
      const part = place.closest("[data-autosave-part]");
      if (part) part.hidden = !rows.length;
    }

    async reason(answer) {
      if (!(answer.headers.get("Content-Type") || "").includes("json")) return "";
      const problem = await answer.json();
      return problem.detail || "";
    }

    failed() {
      this.isDirty = true;
      this.show("offline", this.output?.dataset.offline);
      this.wait(this.retry);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    }

    show(state, text) {
      if (!this.output) return;
      this.output.dataset.state = state;
      (this.output.querySelector("[data-autosave-text]") || this.output).textContent = text;
    }
  }

  const begin = (root) => {
    for (const form of root.querySelectorAll("form[data-autosave]:not([data-autosave-on])")) {
      form.dataset.autosaveOn = "yes";
      new Draft(form);
    }
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target.parentElement || document));
})();
