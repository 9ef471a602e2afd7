//! The page a person sees when something was refused or failed: what happened, what to do, and the
//! number to tell when asking for help.

use std::fmt::Write;

use axum::response::{Html, IntoResponse, Response};
use gondola_shop::kernel::{Lang, Problem};

/// The page for `problem`.
pub fn render(problem: &Problem, lang: Lang, id: &str) -> Response {
    let status = problem.status.as_u16();
    let (home, number) = lang_texts(lang);
    let page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{status} · Góndola</title><link rel=\"stylesheet\" href=\"/assets/app.css\"></head>\n\
         <body><main><h1>{status}</h1><p>{detail}</p><p><a href=\"/\">{home}</a></p>\
         <p><small>{number} {id}</small></p></main></body>\n</html>\n",
        tag = lang.tag(),
        detail = escaped(problem.detail.in_lang(lang)),
        id = escaped(id),
    );
    Html(page).into_response()
}

fn lang_texts(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Es => ("Volver al inicio", "Número de pedido:"),
        Lang::En => ("Back to the start", "Request id:"),
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match character {
            '<' | '>' | '&' | '"' | '\'' => write!(out, "&#{};", u32::from(character)).expect("writing to a string"),
            plain => out.push(plain),
        }
        out
    })
}
