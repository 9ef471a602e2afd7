/*
 * The words of the API documentation page, Spanish first. What the API itself says about
 * its calls comes from /openapi.json and stays as it is written there.
 */
const WORDS = {
  es: {
    filter: "Filtrar: movements, /products…", nothing: "Ninguna llamada coincide.",
    key: "Tu clave de API", keyHint: "Empieza con gnd_. Queda en esta página y se olvida al cerrarla. Si ya entraste a Góndola, no hace falta.",
    problems: "Rechazos y fallas", problemsLead: "Toda llamada que no sale bien contesta así, en application/problem+json. El código no cambia; el texto sigue al idioma que pidas.", code: "Código",
    failed: "No se pudo leer /openapi.json.", retry: "Recargá la página; si sigue, avisale a quien cuida el servidor.",
    parameters: "Parámetros", body: "Cuerpo", responses: "Respuestas", fields: "Ver los campos", headers: "Encabezados",
    required: "obligatorio", deprecated: "en desuso", anonymous: "sin clave", one_of: "uno de:", any_of: "cualquiera de:",
    by_default: "por defecto", at_least: "desde", at_most: "hasta", letters: "letras", items: "elementos", other_fields: "otros campos",
    try_it: "Probar", try_warn: "Se ejecuta de verdad, en este negocio.", send: "Enviar", sending: "Enviando…",
    command: "Con curl", copy: "Copiar", copied: "Copiado", no_answer: "El servidor no contestó.", empty: "(sin contenido)",
    file: "Archivo", took: "ms",
  },
  en: {
    filter: "Filter: movements, /products…", nothing: "No call matches.",
    key: "Your API key", keyHint: "Begins with gnd_. It stays in this page and is forgotten when you close it. Not needed if you are logged in.",
    problems: "Refusals and failures", problemsLead: "Every call that does not go well answers like this, in application/problem+json. The code is stable; the text follows the language you ask for.", code: "Code",
    failed: "Could not read /openapi.json.", retry: "Reload the page; if it goes on, tell whoever looks after the server.",
    parameters: "Parameters", body: "Body", responses: "Responses", fields: "Show its fields", headers: "Headers",
    required: "required", deprecated: "deprecated", anonymous: "no key", one_of: "one of:", any_of: "any of:",
    by_default: "default", at_least: "from", at_most: "up to", letters: "characters", items: "items", other_fields: "other fields",
    try_it: "Try it", try_warn: "It really runs, in this shop.", send: "Send", sending: "Sending…",
    command: "With curl", copy: "Copy", copied: "Copied", no_answer: "The server did not answer.", empty: "(no content)",
    file: "File", took: "ms",
  },
};

export const words = document.documentElement.lang.startsWith("en") ? WORDS.en : WORDS.es;
