//! Bodies made from the API document: one for each value that a body can hold, right everywhere but there.

use gondola_shop::kernel::Face;
use serde_json::{Map, Value, json};

/// An operation that takes a JSON body.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub body: Value,
}

/// A body with one wrong value in it, and where that stands.
pub struct Wrong {
    pub field: String,
    pub body: Value,
}

/// The document of the dashboard, which serves every call.
pub struct Document(Value);

impl Document {
    pub fn read() -> Self {
        let text = gondola_shop::openapi(Face::Dashboard).to_json().expect("the document is JSON");
        Self(serde_json::from_str(&text).expect("the document is JSON"))
    }

    /// Every operation, with its path's and method's names.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths").iter();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").iter();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    /// Those with a JSON body.
    pub fn with_body(&self) -> Vec<Operation> {
        let schema = |operation: &Value| operation["requestBody"]["content"]["application/json"]["schema"].clone();
        self.operations()
            .map(|(path, method, operation)| (path, method, schema(operation)))
            .filter(|(_, _, schema)| !schema.is_null())
            .map(|(path, method, body)| Operation { method: method.to_uppercase(), path: path.to_owned(), body })
            .collect()
    }

    /// Bodies that are right but for one value, for every value that `spoil` has a wrong one for; it is
    /// given the value's schema and the name of its kind.
    pub fn spoiled(&self, schema: &Value, spoil: &impl Fn(&Value, &str) -> Option<Value>) -> Vec<Wrong> {
        let (kind, schema) = self.resolved(schema);
        let own = spoil(schema, kind).map(|body| Wrong { field: String::new(), body });
        let inner = match schema["type"].as_str() {
            Some("object") => self.spoiled_fields(schema, spoil),
            Some("array") => {
                let item = |wrong: Wrong| Wrong { field: joined("[0]", &wrong.field), body: json!([wrong.body]) };
                self.spoiled(&schema["items"], spoil).into_iter().map(item).collect()
            }
            _ => Vec::new(),
        };
        own.into_iter().chain(inner).collect()
    }

    fn spoiled_fields(&self, schema: &Value, spoil: &impl Fn(&Value, &str) -> Option<Value>) -> Vec<Wrong> {
        let right = self.example(schema);
        let mut found = Vec::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            for wrong in self.spoiled(field, spoil) {
                let mut body = right.clone();
                body[name] = wrong.body;
                found.push(Wrong { field: joined(name, &wrong.field), body });
            }
        }
        found
    }

    /// A value that the schema takes: its example, or the required fields with theirs.
    fn example(&self, schema: &Value) -> Value {
        let (_, schema) = self.resolved(schema);
        if let Some(example) =
            schema.get("example").or_else(|| schema["examples"].get(0)).or_else(|| schema["enum"].get(0))
        {
            return example.clone();
        }
        match schema["type"].as_str() {
            Some("object") => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let field = |name: &str| (name.to_owned(), self.example(&schema["properties"][name]));
                Value::Object(required.map(field).collect::<Map<_, _>>())
            }
            Some("array") => json!([self.example(&schema["items"])]),
            Some("boolean") => json!(true),
            Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            _ => json!("prueba"),
        }
    }

    /// The schema behind a reference or a choice with null, and the name of its kind.
    fn resolved<'s>(&'s self, schema: &'s Value) -> (&'s str, &'s Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            let (kind, resolved) = self.resolved(&self.0["components"]["schemas"][name]);
            return (if kind.is_empty() { name } else { kind }, resolved);
        }
        let choice = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
        choice.map_or(("", schema), |one| self.resolved(one))
    }
}

/// `lines` and `[0].quantity` as one path.
fn joined(outer: &str, inner: &str) -> String {
    let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    format!("{outer}{dot}{inner}")
}
