//! The two languages of the product. A text for people is always written in both at once, so that
//! no message exists in one language only.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

/// Spanish (es-AR) first, English second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Rioplatense Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Lang {
    /// The tag for `lang` attributes and `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Es => "es-AR",
            Self::En => "en",
        }
    }

    /// The first language of `Accept-Language` that we speak; Spanish when it names none.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        wanted
            .split(',')
            .filter_map(|range| {
                let language = range.split([';', '-']).next().unwrap_or_default().trim();
                [Self::Es, Self::En].into_iter().find(|known| known.pick("es", "en").eq_ignore_ascii_case(language))
            })
            .next()
            .unwrap_or_default()
    }

    /// One of two texts.
    pub fn pick<'a>(self, es: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Es => es,
            Self::En => en,
        }
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::from_headers(&parts.headers))
    }
}

/// A message in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In Spanish.
    pub es: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// A message from both of its texts.
    pub fn new(es: impl Into<String>, en: impl Into<String>) -> Self {
        Self { es: es.into(), en: en.into() }
    }

    /// The text in `lang`.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.es, &self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_we_speak_wins_and_spanish_is_the_default() {
        let lang = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, text.parse().unwrap());
            Lang::from_headers(&headers)
        };
        assert_eq!(lang("en-US,en;q=0.9,es;q=0.8"), Lang::En);
        assert_eq!(lang("pt-BR,es;q=0.5"), Lang::Es);
        assert_eq!(lang("fr"), Lang::Es);
        assert_eq!(Lang::from_headers(&HeaderMap::new()), Lang::Es);
    }
}
