//! Log lines: one JSON object per event with a fixed set of names (LOG-1), or the same for reading on
//! a terminal. Values from outside are escaped as JSON strings, so that no input can forge a line
//! (LOG-3). What an event carries besides the fixed names is told in its message.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use crate::config::{LogFormat, LogLevel};
use gondola_store::{Clock, SystemClock};

/// The names a line can have after `ts` and `level`, in their order; `msg` stands after `face`.
const NAMES: [&str; 11] =
    ["face", "msg", "code", "request_id", "route", "method", "status", "duration_ms", "client_ip", "actor", "rows"];

/// Sends the process's events to standard error, and panics with them.
pub fn start(format: LogFormat, level: LogLevel) {
    let pretty = match format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Json => false,
        LogFormat::Pretty => true,
    };
    let shape: fn(&Line) -> String = if pretty { Line::pretty } else { Line::json };
    let lines = Lines { shape }.with_filter(LevelFilter::from_level(level.0));
    // A second start in the same process (a test) keeps the first one's lines.
    if Registry::default().with(lines).try_init().is_ok() {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(String::new, ToString::to_string);
            tracing::error!(code = "panic", place, "a bug: {}", panic.payload_as_str().unwrap_or("panic"));
        }));
    }
}

struct Lines {
    shape: fn(&Line) -> String,
}

/// The fields of a span, kept for the events inside it.
struct Kept(Fields);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = cx.span(id) {
            span.extensions_mut().insert(Kept(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        if let Some(span) = cx.span(id)
            && let Some(Kept(fields)) = span.extensions_mut().get_mut()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in cx.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(Kept(kept)) = span.extensions().get() {
                fields.0.extend(kept.0.clone());
            }
        }
        event.record(&mut fields);
        let line = Line { level: *event.metadata().level(), fields: fields.0 };
        let mut text = (self.shape)(&line);
        text.push('\n');
        // A closed standard error leaves nobody to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// What an event or span carries.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        let name = if field.name() == "message" { "msg" } else { field.name() };
        self.0.insert(name.to_owned(), value);
    }
}

struct Line {
    level: Level,
    fields: Map<String, Value>,
}

impl Line {
    fn json(&self) -> String {
        let mut out = format!("{{\"ts\":\"{}\",\"level\":\"{}\"", now(), level_name(self.level));
        let message = Value::String(self.message());
        for name in NAMES {
            let value = if name == "msg" { Some(&message) } else { self.fields.get(name) };
            if let Some(value) = value.filter(|value| value.as_str() != Some("")) {
                write!(out, ",\"{name}\":{value}").expect("writing to a string");
            }
        }
        out.push('}');
        out
    }

    fn pretty(&self) -> String {
        let mut out = format!("{} {:5} {}", now(), level_name(self.level), single_line(&self.message()));
        for name in NAMES.iter().filter(|name| **name != "msg") {
            if let Some(value) = self.fields.get(*name).filter(|value| value.as_str() != Some("")) {
                write!(out, " {name}={}", single_line(&plain(value))).expect("writing to a string");
            }
        }
        out
    }

    /// The message with what has no name of its own behind it.
    fn message(&self) -> String {
        let mut message = self.fields.get("msg").map(plain).unwrap_or_default();
        for (name, value) in &self.fields {
            if !NAMES.contains(&name.as_str()) {
                write!(message, "; {name}: {}", plain(value)).expect("writing to a string");
            }
        }
        message
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn single_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// Now, in milliseconds. The product's clock may be a test's; a log line tells the machine's time.
fn now() -> String {
    let millis = SystemClock.now() / 1000;
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{instant:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fields: &[(&str, Value)]) -> Line {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Line { level: Level::WARN, fields }
    }

    /// LOG-1, LOG-3.
    #[test]
    fn a_line_has_the_fixed_names_only_and_cannot_be_broken() {
        let line = line(&[
            ("msg", "the store failed".into()),
            ("error", "no\n{\"level\":\"info\"}".into()),
            ("code", "internal".into()),
            ("status", 500.into()),
            ("actor", "".into()),
        ]);
        let text = line.json();
        assert!(!text.contains('\n'));
        let parsed: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let names: Vec<&str> = parsed.keys().map(String::as_str).collect();
        assert_eq!(names, ["code", "level", "msg", "status", "ts"]);
        assert_eq!(parsed["msg"], "the store failed; error: no\n{\"level\":\"info\"}");
        let ts = parsed["ts"].as_str().unwrap();
        assert!(ts.len() == 24 && ts.ends_with('Z'), "{ts}");
        assert!(!line.pretty().contains('\n'));
    }
}
