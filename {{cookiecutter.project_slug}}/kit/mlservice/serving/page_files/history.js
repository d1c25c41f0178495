// The history of a series: CSV text, in which each line has a day and a value.
import { make } from "./elements.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MILLISECONDS = 86_400_000; // of a day

/** Return the day that comes `days` after another one. */
export function later(day, days) {
  return new Date(Date.parse(day) + days * MILLISECONDS).toISOString().slice(0, 10);
}

/** Make a text of days and values, the example filled in. */
export function history({ name, example, start, maxItems }) {
  const lines = example.map((value, at) => `${later(start, at)},${value ?? ""}`);
  const input = make("textarea", { rows: 9, spellcheck: "false", class: "data" }, `day,${name}\n${lines.join("\n")}`);
  const read = () => parse(input.value, name, maxItems);
  return { input, wide: true, value: () => read().values, start: () => read().start };
}

/** Return the first day and a value a day, null where a day has none; raise Error that names the line. */
function parse(text, name, most) {
  const cut = (line) => line.split(/[;\t]/.test(text) ? /[;\t]/ : ",").map((cell) => cell.trim());
  const [header, ...rest] = text.split("\n").map(cut);
  const named = header.indexOf(name);
  const rows = DAY.test(header[0]) ? [header, ...rest] : [["", ""], ...rest];
  const values = [];
  let start;
  for (const [at, cells] of rows.entries()) {
    if (!cells.join("")) continue;
    if (!DAY.test(cells[0]) || Number.isNaN(Date.parse(cells[0]))) throw new Error(`Line ${at + 1}: begin it with a day like 2026-01-31`);
    start ??= cells[0];
    const day = Math.round((Date.parse(cells[0]) - Date.parse(start)) / MILLISECONDS);
    if (day < values.length) throw new Error(`Line ${at + 1}: its day is not after the one before`);
    if (day >= most) throw new Error(`Line ${at + 1}: it is more than ${most} days after the first one`);
    while (values.length < day) values.push(null);
    values.push(valueOf(cells[named > 0 ? named : 1] ?? "", at + 1));
  }
  return { start: start ?? "", values };
}

function valueOf(cell, line) {
  const value = Number(cell.replace(",", "."));
  if (Number.isNaN(value)) throw new Error(`Line ${line}: "${cell}" is no number`);
  return cell === "" ? null : value;
}
