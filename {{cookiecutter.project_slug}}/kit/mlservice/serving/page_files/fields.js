// Form fields, one for each column of the schema; `read(row)` puts a field's value into a row.
import { make } from "./elements.js";
import { history } from "./history.js";
import { picture } from "./picture.js";

const LONG = 200; // characters: a text that may be longer has several lines
const count = new Intl.NumberFormat("en").format;

/** Make the fields of a row; the first day of a history stands in its text. */
export function makeFields(properties, files) {
  const columns = Object.entries(properties).map(([name, given]) => {
    const values = given.anyOf?.find((each) => each.type !== "null");
    return { name, nullable: Boolean(values), file: name in files, example: given.examples[0], ...values, ...given };
  });
  const series = columns.find((column) => column["x-kind"] === "series");
  const day = series && columns.find((column) => column["x-kind"] === "day");
  for (const column of columns) column.start = day?.example;
  if (day) series.day = day.name;
  return columns.filter((column) => column !== day).map(makeField);
}

function makeField(column) {
  const control = controlOf(column);
  const field = { ...labelled(column, control, hintOf(column)), names: [column.name, column.day] };
  const read = (row) => {
    try {
      row[column.name] = control.value();
      if (column.day) row[column.day] = control.start();
    } catch (error) {
      throw Object.assign(error, { field });
    }
  };
  return { ...field, read, file: control.file, reset: control.reset };
}

/** Make the field for an API key, which is kept in memory only. */
export function makeKeyField() {
  const input = make("input", { type: "password", autocomplete: "off" });
  const column = { name: "X-API-Key", description: "API key" };
  return { ...labelled(column, { input }, "never stored"), names: [], key: () => input.value.trim() };
}

/** Put label, control, hint and error together. */
function labelled(column, { input, around = input, wide = false }, text) {
  const id = `field-${encodeURIComponent(column.name)}`;
  const hint = make("span", { id: `${id}-hint` }, make("code", {}, column.name), ` ${text}`);
  const error = make("span", { id: `${id}-error`, class: "error" });
  const described = { id, "aria-describedby": `${hint.id} ${error.id}` };
  for (const [name, value] of Object.entries(described)) input.setAttribute(name, value);
  const label = make("label", { for: id }, column.description || column.name);
  const element = make("div", { class: wide ? "field wide" : "field" }, label, around);
  element.append(make("p", { class: "hint" }, hint, error));
  const fail = (message) => {
    error.textContent = message;
    input.ariaInvalid = String(Boolean(message));
  };
  return { element, fail, failed: () => input.ariaInvalid === "true", focus: () => input.focus() };
}

/** Describe the values that a column takes. */
function hintOf(column) {
  const { minimum, maximum, minItems, maxItems, maxLength } = column;
  const said = [];
  if (column["x-kind"] === "series") said.push(`${minItems} to ${maxItems} days, a line for each, in`);
  if (maximum !== undefined) said.push(`${count(minimum)} to ${count(maximum)}`);
  if (column["x-unit"]) said.push(column["x-unit"]);
  if (maxLength > LONG && !column.file) said.push(`at most ${count(maxLength)} characters`);
  return [said.join(" "), column.nullable && "may be unknown"].filter(Boolean).join(", ");
}

/** Make what a value is typed, chosen or drawn in. */
function controlOf(column) {
  if (column.file) return picture(column);
  if (column["x-kind"] === "series") return history(column);
  if (column.type === "boolean") return choice(column, { yes: true, no: false });
  const categories = column["x-categories"] ?? [];
  if (categories.length) return choice(column, Object.fromEntries(categories.map((each) => [each, each])));
  return ["integer", "number"].includes(column.type) ? number(column) : text(column);
}

function choice({ example, nullable }, values) {
  const all = Object.entries(nullable ? { ...values, unknown: null } : values);
  const options = all.map(([shown, value]) =>
    make("option", { value: JSON.stringify(value), selected: value === example }, shown),
  );
  const input = make("select", {}, ...options);
  return { input, value: () => JSON.parse(input.value) };
}

function number({ example, minimum, maximum, type }) {
  const step = type === "integer" ? 1 : "any";
  const shown = { value: example ?? "", min: minimum, max: maximum, step, placeholder: "unknown" };
  const input = make("input", { type: "number", inputmode: "decimal", ...shown });
  const value = () => {
    if (input.validity.badInput) throw new Error("Write a number");
    return input.value === "" ? null : Number(input.value);
  };
  return { input, value };
}

function text({ example, nullable, maxLength, format }) {
  const wide = maxLength > LONG;
  const shown = { value: example ?? "", type: format === "date" ? "date" : "text" };
  const input = wide ? make("textarea", { rows: 5 }, example ?? "") : make("input", shown);
  return { input, wide, value: () => (nullable && !input.value ? null : input.value) };
}
