// A forecast and its history as a line plot, and the forecast as a table.
import { draw, make } from "./elements.js";
import { later } from "./history.js";

const HEIGHT = 220;
const EDGE = { left: 46, right: 10, top: 22, bottom: 24 };
const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 }).format;

/** Return a plot and a table of a list of numbers, one a day. */
export function forecast(name, values, { row, interval, start }) {
  const past = Array.isArray(row[name]) ? row[name] : [];
  const { low, high } = Array.isArray(interval?.low) ? interval : {};
  const days = values.map((_, at) => (start ? later(start, at) : String(at + 1)));
  const first = start ? later(start, -past.length) : "";
  const rows = values.map((value, at) => {
    const cells = low ? [value, low[at], high[at]] : [value];
    return make("tr", {}, make("th", { scope: "row" }, days[at]), ...cells.map((each) => make("td", {}, number(each))));
  });
  const titles = ["day", name, ...(low ? ["low", "high"] : [])].map((each) => make("th", { scope: "col" }, each));
  const head = make("thead", {}, make("tr", {}, ...titles));
  const table = make("table", { class: "days" }, make("caption", {}, "Forecast"), head, make("tbody", {}, ...rows));
  return [plot({ name, past, values, low, high, first, days }), table];
}

/** Draw history and forecast in the width that there is. */
function plot({ name, past, values, low = [], high = [], first, days }) {
  const width = Math.max(document.getElementById("answer").clientWidth, 240);
  const numbers = [...past, ...values, ...low, ...high].filter((each) => each !== null);
  const steps = ticks(Math.min(...numbers), Math.max(...numbers));
  const [least, most] = [steps[0], steps.at(-1)];
  const length = past.length + values.length - 1 || 1;
  const x = (at) => EDGE.left + (at / length) * (width - EDGE.left - EDGE.right);
  const y = (value) => HEIGHT - EDGE.bottom - ((value - least) / (most - least)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const offset = past.length;
  const points = (list) => list.map((value, at) => `${x(offset + at)},${y(value)}`);
  const last = past.at(-1) ?? null;
  const joined = [...(last === null ? [] : [`${x(offset - 1)},${y(last)}`]), ...points(values)];
  const label = (text, left, top, anchor) => draw("text", { x: left, y: top, "text-anchor": anchor }, text);
  const shown = steps.map((step) => draw("path", { class: "grid", d: `M${EDGE.left},${y(step)}H${width - EDGE.right}` }));
  shown.push(...steps.map((step) => label(number(step), EDGE.left - 6, y(step) + 4, "end")));
  if (low.length) shown.push(draw("polygon", { class: "interval", points: [...points(low), ...points(high).reverse()].join(" ") }));
  shown.push(draw("path", { class: "past", d: broken(past, x, y) }), draw("polyline", { class: "future", points: joined.join(" ") }));
  shown.push(label(first, EDGE.left, HEIGHT - 6, "start"), label(days.at(-1), width - EDGE.right, HEIGHT - 6, "end"));
  shown.push(label(`forecast from ${days[0]}`, width - EDGE.right, 12, "end"), label(name, EDGE.left, 12, "start"));
  const text = `${name}: ${past.length} days of history, then a forecast of ${values.length} days`;
  return draw("svg", { class: "plot", role: "img", "aria-label": text, viewBox: `0 0 ${width} ${HEIGHT}` }, ...shown);
}

/** Return the path of a line that is interrupted where a value is unknown. */
function broken(values, x, y) {
  const known = (at) => (values[at] ?? null) !== null;
  const step = (value, at) => `${known(at - 1) ? "L" : "M"}${x(at)},${y(value)}${known(at + 1) ? "" : "h0.01"}`;
  return values.map((value, at) => (known(at) ? step(value, at) : "")).join("");
}

/** Return four to nine round numbers from below the least to above the greatest. */
function ticks(least, most) {
  const rough = (most - least || Math.abs(most) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: Math.max(to - from, 1) + 1 }, (_, at) => (from + at) * step);
}
