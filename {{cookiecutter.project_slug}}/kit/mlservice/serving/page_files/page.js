// The page at `/`: a form made from openapi.json, and the answer to its request.
// Addresses are relative, so that a proxy may add a path prefix.
import { answerOf } from "./answer.js";
import { makeFields, makeKeyField } from "./fields.js";

const $ = (id) => document.getElementById(id);

/** Read the service's description, and show the form. */
async function start() {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { info, paths, components } = await answer.json();
  const { requestBody, responses, security } = paths["/predict"].post;
  const request = requestBody.content["application/json"].schema.properties;
  const files = requestBody.content["multipart/form-data"]?.schema.properties ?? {};
  const key = security && makeKeyField();
  const columns = makeFields(request.instances.items.properties, files);
  const facts = { unit: info["x-unit"], properties: propertiesOf(responses, components) };
  const form = { columns, key, facts, fields: key ? [key, ...columns] : columns };
  form.extra = request.explain ? { explain: true } : {};
  document.title = $("name").textContent = info.title;
  $("about").textContent = info.description.replaceAll("`", "");
  $("about").className = "";
  $("fields").append(...form.fields.map((field) => field.element));
  $("main").hidden = false;
  listen(form);
  await showModel();
}

function listen(form) {
  const restored = () => {
    for (const field of form.columns) field.reset?.();
    showCurl(form);
  };
  $("form").addEventListener("input", () => showCurl(form));
  $("form").addEventListener("reset", () => setTimeout(restored)); // when the fields have their values
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if ($("form").ariaBusy !== "true") submit(form);
  });
  $("copy").addEventListener("click", copy);
  showCurl(form);
}

/** Return the descriptions of a prediction's properties. */
function propertiesOf(responses, { schemas }) {
  const resolve = (schema) => schemas[schema.$ref?.split("/").pop()] ?? schema;
  const body = resolve(responses[200].content["application/json"].schema);
  return resolve(body.properties.predictions.items).properties ?? {};
}

/** Show which model answers, or why none does. */
async function showModel() {
  const answer = await fetch("readyz");
  const said = await answer.json();
  $("model").textContent = answer.ok ? `Model ${said.model_version}` : sentence(answer, said);
}

/** Return the body to send; raise an error with its field where a value cannot be sent. */
function bodyOf({ columns, extra }) {
  const row = {};
  for (const field of columns) field.read(row);
  return { instances: [row], ...extra };
}

/** Send the request, and show the answer, or what is wrong beside its field. */
async function submit(form) {
  for (const field of form.fields) field.fail("");
  $("problem").textContent = "";
  $("form").ariaBusy = "true";
  try {
    await send(form);
  } catch ({ field, message }) {
    if (field) field.fail(message);
    else showProblem(`The request could not be sent: ${message}.`);
  }
  $("form").ariaBusy = "false";
  form.fields.find((field) => field.failed())?.focus();
}

async function send(form) {
  const body = bodyOf(form);
  const headers = { "Content-Type": "application/json" };
  const key = form.key?.key();
  if (key) headers["X-API-Key"] = key;
  const answer = await fetch("predict", { method: "POST", headers, body: JSON.stringify(body) });
  const said = await answer.json().catch(() => ({})); // a proxy may answer in HTML
  if (!answer.ok) return showRefusal(form, answer, said);
  $("answer").replaceChildren(...answerOf(said.predictions[0], body.instances[0], form.facts));
  $("answer").scrollIntoView({ block: "nearest" });
  $("model").textContent = `Model ${said.model_version}`;
}

/** Show each fault beside its field, and all else above the button. */
function showRefusal({ columns, key }, answer, said) {
  if (key && [401, 403].includes(answer.status)) return key.fail(sentence(answer, said));
  if (!Array.isArray(said.detail)) return showProblem(sentence(answer, said));
  const others = said.detail.filter(({ column, message }) => {
    const owns = (name) => name && (column === name || column?.startsWith(`${name}.`));
    const field = columns.find(({ names }) => names.some(owns));
    const place = /\.(\d+)$/.exec(column); // in a list
    if (field && !field.failed()) field.fail(place ? `Value ${Number(place[1]) + 1}: ${message}` : message);
    return !field;
  });
  if (others.length) showProblem(others.map(({ message }) => message).join("; "));
}

/** Return a sentence for a refusal: why, and when to try again. */
function sentence(answer, { detail }) {
  const after = answer.headers.get("Retry-After");
  const why = typeof detail === "string" ? detail : `the service answered with status ${answer.status}`;
  const text = after ? `${why}; try again in ${after} seconds` : why;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function showProblem(text) {
  $("problem").textContent = text;
  $("problem").focus();
}

/** Show the request as a command for a shell; it holds no key. */
function showCurl(form) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const file = form.columns.map((field) => field.file?.()).find(Boolean);
  const words = [`curl ${quoted(new URL("predict", document.baseURI).href)}`];
  if (form.key) words.push('--header "X-API-Key: $API_KEY"');
  try {
    const type = "--header 'Content-Type: application/json'";
    if (file) words.push(`--form ${quoted(file)}`);
    else words.push(type, `--data ${quoted(JSON.stringify(bodyOf(form)))}`);
    $("curl").textContent = words.join(" \\\n  ");
  } catch {
    $("curl").textContent = "A value cannot be sent: press Predict to see which.";
  }
}

/** Copy the command; where the browser forbids that, select it. */
async function copy() {
  try {
    await navigator.clipboard.writeText($("curl").textContent);
    $("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren($("curl"));
    $("copied").textContent = "Selected: copy it with Ctrl+C.";
  }
}

start().catch(({ message }) => {
  $("about").className = "";
  $("about").textContent = `The service's description did not load (${message}). Does the address end with a slash?`;
});
