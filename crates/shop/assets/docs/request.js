/*
 * Trying a call: a small form, the same call as a curl command, and the answer as it came.
 * The key lives in the field of this page and nowhere else: the command names a variable.
 */
import { el } from "./dom.js";
import { exampleOf } from "./schema.js";
import { words } from "./words.js";

const ANSWER_CHARS_MAX = 200000;

/* `call` is { method, path, parameters, body } with everything resolved. */
export function tryForm(doc, call, currentKey) {
  const inputs = call.parameters.map((parameter) => ({ parameter, input: parameterInput(doc, parameter) }));
  const body = bodyInput(doc, call.body);
  const answer = el("div", { class: "answer stack tight", "aria-live": "polite" });
  const command = el("code", {});
  const button = el("button", { class: "button primary" }, words.send);
  const form = el(
    "form",
    { class: "form", autocomplete: "off" },
    inputs.map(({ parameter, input }) => labelled(call, parameter.name, input, parameter.required, parameter.in)),
    body ? body.fields.map(({ name, input, required }) => labelled(call, name, input, required, "")) : [],
    el(
      "div",
      { class: "submit" },
      button,
      el("span", { class: "soft small" }, call.method === "GET" ? "" : words.try_warn),
    ),
  );

  const current = () => compose(call, inputs, body, currentKey());
  const showCommand = () => {
    command.textContent = curl(current());
  };
  form.addEventListener("input", showCommand);
  document.addEventListener("gondola:key", showCommand);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = words.sending;
    answer.replaceChildren(await send(current()));
    button.disabled = false;
    button.textContent = words.send;
  });
  showCommand();
  return [form, el("h5", {}, words.command), copyable(command), answer];
}

function labelled(call, name, input, required, where) {
  input.id = `try-${call.id}-${name}`;
  input.required = Boolean(required) && input.type !== "checkbox";
  return el(
    "div",
    { class: "field" },
    el(
      "label",
      { for: input.id },
      name,
      " ",
      el("span", { class: "optional" }, [where, required ? words.required : ""].filter(Boolean).join(", ")),
    ),
    input,
  );
}

function parameterInput(doc, parameter) {
  const schema = doc.resolve(parameter.schema || {});
  if (schema.enum) {
    const options = [
      parameter.required ? null : el("option", { value: "" }, "—"),
      schema.enum.map((value) => el("option", {}, String(value))),
    ];
    return el("select", { class: "select" }, options.flat());
  }
  const example = parameter.example ?? (parameter.required ? (schema.example ?? (schema.examples || [])[0]) : "");
  return el("input", { class: "input code", value: example ?? "", spellcheck: "false" });
}

/* What to type for the body: JSON or another text, or the fields of a form with a file. */
function bodyInput(doc, body) {
  if (!body) return null;
  const media = Object.keys(body.content || {});
  const type = media.find((one) => one.includes("json")) || media[0];
  if (!type) return null;
  const content = body.content[type];
  if (!type.startsWith("multipart/")) {
    const input = el("textarea", { class: "textarea code", rows: 8, spellcheck: "false" });
    const example =
      content.example ??
      Object.values(content.examples || {}).map((one) => doc.resolve(one).value)[0] ??
      exampleOf(doc, content.schema || {});
    input.value = typeof example === "string" ? example : JSON.stringify(example, null, 2);
    return { type, fields: [{ name: words.body, input, required: body.required }] };
  }
  const { properties, required } = doc.fields(content.schema || {});
  const fields = Object.entries(properties).map(([name, node]) => {
    const schema = doc.resolve(node);
    const isFile =
      schema.format === "binary" ||
      schema.contentMediaType !== undefined ||
      [].concat(schema.type || []).includes("array");
    return {
      name,
      required: required.has(name),
      input: el("input", { class: "input", type: isFile ? "file" : "text" }),
    };
  });
  return { type, fields };
}

/* The request as data: what both fetch and curl are made from. */
function compose(call, inputs, body, key) {
  let path = call.path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of inputs) {
    const value = input.value.trim();
    if (parameter.in === "path")
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value).replaceAll("%3A", ":"));
    else if (value !== "" && parameter.in === "query") query.append(parameter.name, value);
    else if (value !== "" && parameter.in === "header") headers[parameter.name] = value;
  }
  const isForm = Boolean(body) && body.type.startsWith("multipart/");
  if (body && !isForm) headers["Content-Type"] = body.type;
  const url = location.origin + path + (query.size ? "?" + query : "");
  return {
    method: call.method,
    url,
    headers,
    key,
    text: body && !isForm ? body.fields[0].input.value : null,
    parts: isForm ? body.fields : null,
  };
}

function curl(request) {
  const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
  const lines = [`curl${request.method === "GET" ? "" : " -X " + request.method} ${quoted(request.url)}`];
  if (request.key) lines.push('-H "X-API-Key: $GONDOLA_KEY"');
  for (const [name, value] of Object.entries(request.headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  for (const { name, input } of request.parts || []) {
    if (input.type === "file") lines.push(`-F ${quoted(`${name}=@${input.files[0] ? input.files[0].name : "FILE"}`)}`);
    else if (input.value) lines.push(`-F ${quoted(`${name}=${input.value}`)}`);
  }
  if (request.text) lines.push(`--data-raw ${quoted(request.text)}`);
  return lines.join(" \\\n  ");
}

async function send(request) {
  const started = performance.now();
  let payload;
  if (request.parts) {
    payload = new FormData();
    for (const { name, input } of request.parts) {
      if (input.type === "file") for (const file of input.files) payload.append(name, file);
      else if (input.value) payload.append(name, input.value);
    }
  } else if (request.text) payload = request.text;
  let response;
  try {
    const headers = request.key ? { ...request.headers, "X-API-Key": request.key } : request.headers;
    response = await fetch(request.url, { method: request.method, headers, body: payload, cache: "no-store" });
  } catch {
    return el("p", { class: "error" }, words.no_answer);
  }
  const text = (await response.text()).slice(0, ANSWER_CHARS_MAX);
  const elapsed = Math.round(performance.now() - started);
  const kept = ["content-type", "etag", "location", "idempotency-replayed", "retry-after"]
    .filter((name) => response.headers.has(name))
    .map((name) => `${name}: ${response.headers.get(name)}`);
  return el(
    "div",
    { class: "stack tight" },
    el(
      "p",
      { class: "row" },
      el(
        "span",
        { class: "badge", "data-kind": response.ok ? "good" : "bad" },
        `${response.status} ${response.statusText}`,
      ),
      `${elapsed} ${words.took}`,
    ),
    kept.length ? el("p", { class: "soft small" }, kept.join(" · ")) : null,
    copyable(el("code", {}, pretty(text) || words.empty)),
  );
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function copyable(code) {
  const button = el("button", { class: "button quiet copy", type: "button" }, words.copy);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      return;
    }
    button.textContent = words.copied;
    setTimeout(() => {
      button.textContent = words.copy;
    }, 1500);
  });
  return el("div", { class: "sample" }, el("pre", { tabindex: "0" }, code), button);
}
