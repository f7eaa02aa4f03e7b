// Puts the form of an idea box where this script stands. No cookies, nothing is read from the page around it.
(() => {
  const script = document.currentScript;
  const frame = document.createElement("iframe");
  frame.src = new URL("embed/", script.src).href;
  frame.title = script.dataset.title || "Idea box";
  frame.width = "100%";
  frame.height = script.dataset.height || "760";
  frame.style.border = "0";
  script.after(frame);
})();
