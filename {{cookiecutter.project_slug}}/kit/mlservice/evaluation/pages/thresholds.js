// Threshold explorer: the slider chooses a row of the table; without a script the table is all there is.
(() => {
  const explorer = document.getElementById("explorer");
  const rows = explorer ? [...document.querySelectorAll("#thresholds tbody tr")] : [];
  if (!rows.length) return;
  const slider = explorer.querySelector("input");
  const names = [...document.querySelectorAll("#thresholds thead th")].map((cell) => cell.dataset.name);
  const show = () => {
    const cells = [...rows[Number(slider.value)].cells];
    names.forEach((name, at) => {
      for (const place of explorer.querySelectorAll(`[data-show="${name}"]`)) place.textContent = cells[at].textContent;
    });
    slider.setAttribute("aria-valuetext", `threshold ${cells[0].textContent}`);
  };
  slider.max = rows.length - 1;
  slider.value = Math.max(rows.findIndex((row) => row.className === "chosen"), 0);
  slider.addEventListener("input", show);
  explorer.hidden = false;
  document.getElementById("threshold-table").open = false;
  show();
})();
