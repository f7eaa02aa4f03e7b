// Shows which files were chosen or dropped on a [data-file-drop].
"use strict";
(() => {
  const size = (bytes) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 })
      .format(bytes / (bytes < 1e6 ? 1e3 : 1e6));

  document.addEventListener("change", (event) => {
    const drop = event.target.closest?.("[data-file-drop]");
    if (!drop || event.target.type !== "file" || event.target.files.length === 0) return;
    drop.querySelector("[data-file-names]").textContent = [...event.target.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  });
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-file-drop]")?.classList.add("is-over"));
  }
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-file-drop]")?.classList.remove("is-over"));
  }
})();
