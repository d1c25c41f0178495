// The answer: a headline, probabilities and contributions as bars, a forecast as a plot.
import { make } from "./elements.js";
import { forecast } from "./forecast.js";

const MOST = 12; // bars that are shown
const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 }).format;
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 }).format;
const signed = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, signDisplay: "exceptZero" }).format;

/** Return the elements that show a prediction for a row. */
export function answerOf(prediction, row, { unit = "", properties }) {
  const { probabilities, interval, explanation, contributions = explanation?.contributions, ...rest } = prediction;
  const shown = [];
  for (const [name, value] of Object.entries(rest)) {
    const meaning = properties[name]?.description ?? name;
    if (["label", "value"].includes(name)) shown.push(headline(meaning, value, unit));
    else if (Array.isArray(value)) shown.push(...forecast(name, value, { row, interval, start: rest.start }));
    else shown.push(make("p", { class: "fact" }, `${meaning}: `, make("b", {}, textOf(value))));
  }
  if (typeof interval?.low === "number") {
    shown.push(make("p", {}, `between ${number(interval.low)} and ${number(interval.high)} ${unit}`));
  }
  if (probabilities) shown.push(bars("Probabilities", probabilities, percent));
  if (contributions) shown.push(bars("What raised (+) and lowered (−) it", contributions, signed, "signed"));
  return shown;
}

function headline(meaning, value, unit) {
  const text = typeof value === "number" ? `${number(value)} ${unit}` : textOf(value);
  return make("p", { class: "headline" }, make("span", {}, meaning), make("strong", {}, text));
}

function textOf(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Return a table of numbers with bars, the longest first; signed ones begin in the middle. */
function bars(caption, numbers, format, kind = "") {
  const sorted = Object.entries(numbers).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const [zero, scale] = kind ? [50, 50 / (Math.abs(sorted[0]?.[1]) || 1)] : [0, 100];
  const rows = sorted.slice(0, MOST).map(([name, value]) => {
    const bar = make("i", { class: value < 0 ? "minus" : "plus" });
    const [from, to] = [zero, zero + scale * value].sort((a, b) => a - b);
    bar.style.setProperty("--from", `${from}%`);
    bar.style.setProperty("--to", `${to}%`);
    const cells = [make("td", { class: "bar", "aria-hidden": "true" }, bar), make("td", {}, format(value))];
    return make("tr", {}, make("th", { scope: "row" }, name), ...cells);
  });
  const more = sorted.length > MOST ? `, the ${MOST} largest of ${sorted.length}` : "";
  return make("table", { class: `bars ${kind}` }, make("caption", {}, caption + more), make("tbody", {}, ...rows));
}
