// Draws a signature with finger, pen or mouse: a [data-signature-pad] appears, and its hidden field gets the strokes as
// points of the grid that the picture's viewBox names. Without script, or without drawing, the field stays empty.
"use strict";
(() => {
  const STEP = 3;

  class Pad {
    constructor(box) {
      this.picture = box.querySelector("svg");
      this.path = box.querySelector("[data-signature-path]");
      this.field = box.querySelector("input");
      this.strokes = JSON.parse(this.field.value || "[]");
      this.stroke = null;
      this.picture.addEventListener("pointerdown", (event) => this.begin(event));
      this.picture.addEventListener("pointermove", (event) => this.go(event));
      for (const name of ["pointerup", "pointercancel"]) this.picture.addEventListener(name, () => this.end());
      box.querySelector("[data-signature-clear]").addEventListener("click", () => {
        this.strokes = [];
        this.show();
      });
      this.show();
      box.hidden = false;
    }

    begin(event) {
      if (!event.isPrimary || event.button !== 0 || this.isFull()) return;
      event.preventDefault();
      this.picture.setPointerCapture(event.pointerId);
      this.stroke = [this.at(event)];
      this.strokes.push(this.stroke);
      this.show();
    }

    go(event) {
      if (!this.stroke || !event.isPrimary) return;
      for (const one of event.getCoalescedEvents?.() || [event]) this.add(this.at(one));
      this.show();
    }

    end() {
      this.stroke = null;
    }

    add([x, y]) {
      const [beforeX, beforeY] = this.stroke.at(-1);
      if (Math.hypot(x - beforeX, y - beforeY) >= STEP && !this.isFull(0)) this.stroke.push([x, y]);
    }

    isFull(strokes = 1) {
      const { mostStrokes, mostPoints } = this.picture.dataset;
      return this.strokes.length + strokes > mostStrokes || this.strokes.flat().length >= mostPoints;
    }

    at(event) {
      const { left, top, width, height } = this.picture.getBoundingClientRect();
      const { width: most, height: lowest } = this.picture.viewBox.baseVal;
      const within = (share, end) => Math.min(end, Math.max(0, Math.round(share * end)));
      return [within((event.clientX - left) / width, most), within((event.clientY - top) / height, lowest)];
    }

    show() {
      const points = (stroke) => stroke.map(([x, y]) => `${x} ${y}`).join("L");
      this.path.setAttribute("d", this.strokes.map((stroke) => `M${points(stroke)}${stroke.length === 1 ? "h0" : ""}`).join(""));
      this.field.value = this.strokes.length ? JSON.stringify(this.strokes) : "";
    }
  }

  for (const box of document.querySelectorAll("[data-signature-pad]")) new Pad(box);
})();
