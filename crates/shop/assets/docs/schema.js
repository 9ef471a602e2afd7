/*
 * Schemas of OpenAPI 3.1 as people read them: a list of fields with type, limits and
 * meaning, and an example made from the schema when the document gives none.
 */
import { el, inline } from "./dom.js";
import { words } from "./words.js";

const DEPTH_MAX = 8;
/* A longer pattern only lists characters that cannot be seen; the meaning says it better. */
const PATTERN_CHARS_MAX = 80;

export class Document {
  constructor(json) {
    this.json = json;
  }

  /* Follows "#/components/…" references, however many there are in a row. */
  resolve(node) {
    for (let hops = 0; node && node.$ref && hops < DEPTH_MAX; hops += 1) {
      node = node.$ref
        .replace(/^#\//, "")
        .split("/")
        .reduce((at, key) => at && at[key.replaceAll("~1", "/").replaceAll("~0", "~")], this.json);
    }
    return node || {};
  }

  /* All fields of an object, with those that allOf brings in. */
  fields(schema) {
    const found = { properties: {}, required: new Set() };
    const gather = (node, depth) => {
      const one = this.resolve(node);
      if (depth > DEPTH_MAX) return;
      for (const part of one.allOf || []) gather(part, depth + 1);
      Object.assign(found.properties, one.properties || {});
      for (const name of one.required || []) found.required.add(name);
    };
    gather(schema, 0);
    return found;
  }
}

const nameOf = (node) => (node && node.$ref ? node.$ref.split("/").pop() : "");
const isNull = (node) => node && node.type === "null";
const choicesOf = (schema) => (schema.oneOf || schema.anyOf || []).filter((choice) => !isNull(choice));

/* "string (date-time) | null", "array of Product" */
export function typeName(doc, node) {
  const schema = doc.resolve(node);
  const named = nameOf(node);
  const types = [].concat(schema.type || []);
  if (types.includes("array")) return "array of " + typeName(doc, schema.items || {});
  const choices = choicesOf(schema);
  if (choices.length) {
    const orNull = [...(schema.oneOf || []), ...(schema.anyOf || [])].some(isNull) ? " | null" : "";
    return choices.map((choice) => typeName(doc, choice)).join(" | ") + orNull;
  }
  if (named && (schema.properties || schema.allOf)) return named;
  const base =
    types.filter((one) => one !== "null").join(" | ") ||
    (schema.properties || schema.allOf ? "object" : schema.enum ? "string" : "any");
  return base + (schema.format ? ` (${schema.format})` : "") + (types.includes("null") ? " | null" : "");
}

function limits(schema) {
  const said = [];
  const say = (label, value, unit = "") => {
    if (value !== undefined) said.push(`${label} ${value}${unit && " " + unit}`);
  };
  say(words.at_least, schema.minimum);
  say(words.at_most, schema.maximum);
  say(words.at_least, schema.minLength, words.letters);
  say(words.at_most, schema.maxLength, words.letters);
  say(words.at_least, schema.minItems, words.items);
  say(words.at_most, schema.maxItems, words.items);
  if (schema.default !== undefined && schema.default !== null)
    said.push(`${words.by_default} ${JSON.stringify(schema.default)}`);
  return said;
}

/* What is said about one value: meaning, choices, limits. */
export function remarks(doc, node, description) {
  const schema = doc.resolve(node);
  const text = description || node.description || schema.description;
  const values = schema.enum || (schema.const !== undefined ? [schema.const] : []);
  return [
    text ? el("span", { class: "meaning" }, inline(text)) : null,
    values.length
      ? el(
          "span",
          { class: "values" },
          values.map((value) => el("code", {}, String(value))),
        )
      : null,
    limits(schema).length ? el("span", { class: "soft small" }, limits(schema).join(" · ")) : null,
    schema.pattern && schema.pattern.length <= PATTERN_CHARS_MAX ? el("span", { class: "values" }, el("code", {}, schema.pattern)) : null,
  ];
}

/* The inside of a schema, or null for a plain value. `seen` stops schemas that contain themselves. */
export function fieldList(doc, node, seen = []) {
  const schema = doc.resolve(node);
  const name = nameOf(node);
  if (seen.length > DEPTH_MAX || (name && seen.includes(name))) return null;
  const path = name ? [...seen, name] : seen;
  if ([].concat(schema.type || []).includes("array")) return fieldList(doc, schema.items || {}, path);
  const choices = choicesOf(schema)
    .map((choice) => fieldList(doc, choice, path))
    .filter(Boolean);
  if (choices.length === 1) return choices[0];
  if (choices.length > 1) {
    return el(
      "div",
      { class: "choices" },
      el("p", { class: "soft small" }, schema.oneOf ? words.one_of : words.any_of),
      choices,
    );
  }
  const { properties, required } = doc.fields(schema);
  const rows = Object.entries(properties).map(([key, value]) => fieldRow(doc, key, value, required.has(key), path));
  if (schema.additionalProperties && typeof schema.additionalProperties === "object") {
    rows.push(fieldRow(doc, words.other_fields, schema.additionalProperties, false, path));
  }
  return rows.length ? el("ul", { class: "fields" }, rows) : null;
}

function fieldRow(doc, name, node, isRequired, path) {
  const inner = fieldList(doc, node, path);
  const head = [
    el("code", { class: "field-name" }, name),
    " ",
    el("span", { class: "type" }, typeName(doc, node)),
    isRequired ? el("span", { class: "badge", "data-kind": "warn" }, words.required) : null,
  ];
  return el(
    "li",
    {},
    el("div", { class: "head" }, head),
    remarks(doc, node),
    inner ? el("details", {}, el("summary", {}, words.fields), inner) : null,
  );
}

/* An example value: the one given, or one made from types and formats. */
export function exampleOf(doc, node, seen = []) {
  const schema = doc.resolve(node);
  const name = nameOf(node);
  const given = [
    node.example,
    schema.example,
    (schema.examples || [])[0],
    schema.default,
    schema.const,
    (schema.enum || [])[0],
  ];
  const first = given.find((value) => value !== undefined && value !== null);
  if (first !== undefined) return first;
  if (seen.length > DEPTH_MAX || (name && seen.includes(name))) return null;
  const path = name ? [...seen, name] : seen;
  const type = [].concat(schema.type || []).find((one) => one !== "null");
  if (type === "array") return [exampleOf(doc, schema.items || {}, path)].filter((item) => item !== null);
  const choices = choicesOf(schema);
  if (choices.length) return exampleOf(doc, choices[0], path);
  const { properties } = doc.fields(schema);
  if (type === "object" || Object.keys(properties).length) {
    return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, exampleOf(doc, value, path)]));
  }
  return plainExample(type, schema.format);
}

function plainExample(type, format) {
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return false;
  const byFormat = {
    "date-time": "2026-11-23T10:00:00-03:00",
    date: "2026-11-23",
    uuid: "01935b6e-0000-7000-8000-000000000000",
    email: "ana@example.com",
  };
  return type === "string" ? byFormat[format] || "…" : null;
}
