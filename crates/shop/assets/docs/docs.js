/*
 * The API documentation page: reads /openapi.json and shows every call by its tag, with
 * parameters, schemas, examples, a curl command and a form to try it. Our own because the
 * known viewers either break the Content-Security-Policy or weigh more than the product's pages.
 */
import { el, prose, inline } from "./dom.js";
import { Document, exampleOf, fieldList, remarks, typeName } from "./schema.js";
import { filterBox, methodMark, sideGroup } from "./side.js";
import { copyable, tryForm } from "./request.js";
import { words } from "./words.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const main = document.getElementById("content");
const side = document.getElementById("calls");

start();

async function start() {
  let json;
  try {
    const answer = await fetch(main.dataset.openapi, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    json = await answer.json();
  } catch {
    main.replaceChildren(
      el(
        "div",
        { class: "alert", "data-kind": "bad", role: "alert" },
        el("div", {}, el("strong", {}, words.failed), el("p", {}, words.retry)),
      ),
    );
    return;
  }
  show(new Document(json));
}

function show(doc) {
  const info = doc.json.info || {};
  const groups = groupByTag(doc);
  const key = el("input", {
    class: "input code",
    id: "api-key",
    type: "password",
    autocomplete: "off",
    placeholder: "gnd_…",
    "aria-describedby": "api-key-hint",
  });
  key.addEventListener("input", () => document.dispatchEvent(new Event("gondola:key")));
  main.replaceChildren(
    el(
      "header",
      { class: "stack tight" },
      el("h1", {}, info.title || "API", " ", el("span", { class: "soft" }, info.version || "")),
      prose(info.description),
    ),
    el(
      "div",
      { class: "field key-field" },
      el("label", { for: "api-key" }, words.key),
      el("p", { class: "hint", id: "api-key-hint" }, words.keyHint),
      key,
    ),
    ...groups.map((group) =>
      el(
        "section",
        { class: "stack tight", "aria-labelledby": "tag-" + group.slug },
        el("h2", { id: "tag-" + group.slug }, group.name),
        prose(group.description),
        group.calls.map((call) => callDetails(doc, call, () => key.value.trim())),
      ),
    ),
    problemSection(doc),
  );
  side.replaceChildren(filterBox(), ...groups.map(sideGroup));
  openFromAddress();
  window.addEventListener("hashchange", openFromAddress);
}

/* Calls in the order of the document's tags, untagged ones last. */
function groupByTag(doc) {
  const described = (doc.json.tags || []).map((tag) => ({ name: tag.name, description: tag.description, calls: [] }));
  const groups = new Map(described.map((group) => [group.name, group]));
  for (const [path, item] of Object.entries(doc.json.paths || {})) {
    for (const method of METHODS.filter((one) => item[one])) {
      const operation = item[method];
      const name = (operation.tags || ["API"])[0];
      if (!groups.has(name)) groups.set(name, { name, description: "", calls: [] });
      groups.get(name).calls.push(callOf(doc, path, item, method, operation));
    }
  }
  return [...groups.values()]
    .filter((group) => group.calls.length)
    .map((group) => ({ ...group, slug: group.name.toLowerCase().replace(/\W+/g, "-") }));
}

function callOf(doc, path, item, method, operation) {
  const security = operation.security || doc.json.security || [];
  return {
    id: operation.operationId || method + path.replace(/\W+/g, "-"),
    method: method.toUpperCase(),
    path,
    operation,
    summary: operation.summary || "",
    deprecated: Boolean(operation.deprecated),
    anonymous: security.length === 0,
    parameters: [...(item.parameters || []), ...(operation.parameters || [])]
      .map((one) => doc.resolve(one))
      .filter((one) => one.in !== "cookie"),
    body: operation.requestBody ? doc.resolve(operation.requestBody) : null,
  };
}

/* One call: closed it is a line, opened for the first time it is built. */
function callDetails(doc, call, currentKey) {
  const details = el(
    "details",
    {
      class: "call",
      id: call.id,
      "data-words": [call.method, call.path, call.summary, call.id].join(" ").toLowerCase(),
    },
    el(
      "summary",
      {},
      methodMark(call.method),
      el("code", { class: "path" }, call.path),
      el("span", { class: "summary" }, call.summary),
      call.deprecated ? el("span", { class: "badge", "data-kind": "warn" }, words.deprecated) : null,
      call.anonymous ? el("span", { class: "badge" }, words.anonymous) : null,
    ),
  );
  details.addEventListener(
    "toggle",
    () => {
      if (details.open) details.append(callBody(doc, call, currentKey));
    },
    { once: true },
  );
  return details;
}

function callBody(doc, call, currentKey) {
  const tryIt = el(
    "details",
    { class: "details" },
    el("summary", {}, words.try_it),
    el("div", { class: "stack tight" }, tryForm(doc, call, currentKey)),
  );
  return el(
    "div",
    { class: "inside stack" },
    prose(call.operation.description),
    parameterTable(doc, call.parameters),
    bodyPart(doc, call.body),
    responsesPart(doc, call.operation.responses || {}),
    tryIt,
  );
}

function parameterTable(doc, parameters) {
  if (!parameters.length) return "";
  return el(
    "section",
    { class: "stack tight" },
    el("h4", {}, words.parameters),
    el(
      "ul",
      { class: "fields" },
      parameters.map((parameter) =>
        el(
          "li",
          {},
          el(
            "div",
            { class: "head" },
            el("code", { class: "field-name" }, parameter.name),
            el("span", { class: "type" }, `${parameter.in} · ${typeName(doc, parameter.schema || {})}`),
            parameter.required ? el("span", { class: "badge", "data-kind": "warn" }, words.required) : null,
          ),
          remarks(doc, parameter.schema || {}, parameter.description),
        ),
      ),
    ),
  );
}

function bodyPart(doc, body) {
  if (!body) return "";
  return el(
    "section",
    { class: "stack tight" },
    el("h4", {}, words.body),
    prose(body.description),
    contentParts(doc, body.content || {}),
  );
}

function contentParts(doc, content) {
  return Object.entries(content).map(([type, media]) => {
    const schema = media.schema || {};
    const given = media.example ?? Object.values(media.examples || {}).map((one) => doc.resolve(one).value)[0];
    const example = given ?? exampleOf(doc, schema);
    const text = typeof example === "string" ? example : JSON.stringify(example, null, 2);
    const isText = type.includes("json") || typeof given === "string";
    return el(
      "div",
      { class: "media stack tight" },
      el("p", { class: "small" }, el("code", {}, type), " ", el("span", { class: "type" }, typeName(doc, schema))),
      el(
        "div",
        { class: "columns" },
        fieldList(doc, schema) || remarks(doc, schema),
        isText && text ? copyable(el("code", {}, text)) : "",
      ),
    );
  });
}

function responsesPart(doc, responses) {
  return el(
    "section",
    { class: "stack tight" },
    el("h4", {}, words.responses),
    Object.entries(responses).map(([status, node]) => {
      const response = doc.resolve(node);
      const kind = status.startsWith("2") ? "good" : status.startsWith("5") ? "bad" : "warn";
      const headers = Object.entries(response.headers || {}).map(([name, header]) => {
        const one = doc.resolve(header);
        return el(
          "li",
          {},
          el("div", { class: "head" }, el("code", { class: "field-name" }, name)),
          remarks(doc, one.schema || {}, one.description),
        );
      });
      const inside = [
        headers.length ? el("div", {}, el("h5", {}, words.headers), el("ul", { class: "fields" }, headers)) : null,
        ...contentParts(doc, response.content || {}),
      ].filter(Boolean);
      const line = [
        el("span", { class: "badge", "data-kind": kind }, status),
        el("span", {}, inline(response.description)),
      ];
      return inside.length
        ? el("details", { class: "details" }, el("summary", {}, line), el("div", { class: "stack" }, inside))
        : el("p", { class: "row" }, line);
    }),
  );
}

/* Problem types link here as "#problem-CODE". */
function problemSection(doc) {
  const node = { $ref: "#/components/schemas/Problem" };
  const fields = fieldList(doc, node);
  if (!fields) return "";
  return el(
    "section",
    { class: "stack tight", id: "problems" },
    el("h2", {}, words.problems),
    el("p", {}, words.problemsLead),
    el("p", { id: "problem-code", hidden: true }),
    el("div", { class: "columns" }, fields, copyable(el("code", {}, JSON.stringify(exampleOf(doc, node), null, 2)))),
  );
}

function showProblem(code) {
  const line = document.getElementById("problem-code");
  if (!line) return;
  line.hidden = false;
  line.replaceChildren(words.code + ": ", el("code", {}, code));
  document.getElementById("problems").scrollIntoView();
}

/* Addresses: "#OPERATION_ID" opens a call, "#problem-CODE" explains a refusal. */

function openFromAddress() {
  const target = decodeURIComponent(location.hash.slice(1));
  if (target.startsWith("problem-")) return showProblem(target.slice("problem-".length));
  const call = document.getElementById(target);
  if (!call || !call.matches("details.call")) return;
  call.open = true;
  call.scrollIntoView();
}
