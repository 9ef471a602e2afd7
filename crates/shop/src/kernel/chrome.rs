//! The frame around every page: the language, who is signed in, where they may go, and the message
//! left by the page before. A handler takes it as an argument, names the page and puts it into its
//! page struct as `chrome`; templates ask it for texts. What a page is about is not here.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use gondola_store::{Actor, ActorKind, At, Permission, Role};
use jiff::tz::TimeZone;

use super::app::App;
use super::client::RequestId;
use super::endpoint::Access;
use super::flash::Flash;
use super::lang::Lang;
use super::time;
use super::words::{word, word_with};

/// A place of the navigation, listed in `crate::PLACES`.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Where it leads.
    pub path: &'static str,
    /// Its name, a key of the words.
    pub key: &'static str,
    /// Its icon in `icons.svg`.
    pub icon: &'static str,
    /// Who may go there.
    pub access: Access,
}

/// A place as the page shows it.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its name in the page's language.
    pub label: &'static str,
    /// Its icon in `icons.svg`.
    pub icon: &'static str,
    /// Whether the page is at or below it.
    pub current: bool,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The name people know them by.
    pub name: String,
    /// The role as the shop calls it.
    pub role_label: &'static str,
}

/// A message shown once.
#[derive(Debug, Clone)]
pub struct Message {
    /// `good`, `warn`, `bad` or `info`.
    pub kind: &'static str,
    /// The text in the page's language.
    pub text: String,
    /// Where to post to undo what it tells.
    pub undo: Option<String>,
}

/// What the layout and every page know about the request.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// The page's language; written out, its tag.
    pub lang: Lang,
    /// The page's title in that language.
    pub title: String,
    /// Who looks at it, with their rights.
    pub actor: Actor,
    /// The same as the page names them.
    pub user: Option<SignedIn>,
    /// Where they may go.
    pub nav: Vec<NavItem>,
    /// The message of the page before.
    pub flash: Option<Message>,
    /// Whether this is the demo shop.
    pub demo: bool,
    /// What to quote when asking for help.
    pub request_id: String,
    /// A fresh idempotency key for the page's form.
    pub form_key: String,
    /// Whether htmx asked for a fragment.
    pub fragment: bool,
    /// The shop's time zone.
    pub zone: TimeZone,
    pub(super) https: bool,
}

impl Chrome {
    /// The frame for a request.
    pub fn of(app: &App, parts: &Parts) -> Self {
        let lang = Lang::from_headers(&parts.headers);
        let actor = parts.extensions.get::<Actor>().cloned().unwrap_or_else(Actor::anonymous);
        let flash = Flash::of(&parts.headers, app.db.vault(), app.https);
        Self {
            lang,
            title: "Góndola".to_owned(),
            user: signed_in(&actor, lang),
            nav: navigation(&actor, lang, parts.uri.path()),
            actor,
            flash: flash.map(|flash| Message {
                kind: flash.tone.kind(),
                text: word_with(lang, &flash.key, &flash.value),
                undo: flash.undo,
            }),
            demo: app.demo,
            request_id: RequestId::of(parts),
            form_key: app.db.new_id().to_string(),
            fragment: parts.headers.contains_key("hx-request"),
            zone: app.zone.clone(),
            https: app.https,
        }
    }

    /// The same frame under a title from the words.
    pub fn titled(mut self, key: &str) -> Self {
        self.title = self.t(key).to_owned();
        self
    }

    /// The text of a key.
    pub fn t<'a>(&self, key: &'a str) -> &'a str {
        word(self.lang, key)
    }

    /// The text of a key; what is given where there is none.
    pub fn t_or<'a>(&self, key: &'a str, otherwise: &'a str) -> &'a str {
        Some(self.t(key)).filter(|text| *text != key).unwrap_or(otherwise)
    }

    /// The text of a key with `{}` replaced.
    pub fn tv(&self, key: &str, value: impl AsRef<str>) -> String {
        word_with(self.lang, key, value.as_ref())
    }

    /// Whether who looks may do something.
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.may(permission)
    }

    /// Whether who looks may take lists along as files.
    pub fn may_export(&self) -> bool {
        self.may(Permission::Export)
    }

    /// An instant as people read it, in the shop's zone.
    pub fn instant(&self, at: &At) -> String {
        time::show_instant(*at, &self.zone)
    }
}

fn signed_in(actor: &Actor, lang: Lang) -> Option<SignedIn> {
    match actor.kind {
        ActorKind::User(role) | ActorKind::Arriving(role) => {
            Some(SignedIn { name: actor.name.clone(), role_label: role_name(lang, role) })
        }
        _ => None,
    }
}

fn navigation(actor: &Actor, lang: Lang, path: &str) -> Vec<NavItem> {
    let places = crate::PLACES.iter().filter(|place| place.access.admits(actor));
    // What has no place of its own belongs to one; a page below two places is at the nearer one.
    let path = crate::BELONGING.iter().find(|(page, _)| is_at(path, page)).map_or(path, |(_, place)| place);
    let here = places.clone().filter(|place| is_at(path, place.path)).map(|place| place.path).max_by_key(|at| at.len());
    let item = |place: &Place| NavItem {
        href: place.path,
        label: word(lang, place.key),
        icon: place.icon,
        current: here == Some(place.path),
    };
    places.map(item).collect()
}

fn is_at(path: &str, place: &str) -> bool {
    path == place || (place != "/" && path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')))
}

/// A role as the shop calls it.
pub fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Admin => lang.pick("Dueño", "Owner"),
        Role::Manager => lang.pick("Encargado", "Manager"),
        Role::Deposito => lang.pick("Depósito", "Warehouse"),
        Role::Negocio => lang.pick("Compras", "Buying"),
        Role::Cashier => lang.pick("Ventas", "Sales"),
        Role::Auditor => lang.pick("Contador", "Accountant"),
    }
}

impl FromRequestParts<App> for Chrome {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self::of(app, parts))
    }
}

#[cfg(test)]
impl Chrome {
    /// The frame of a page looked at by somebody of that role, for rendering tests.
    pub(crate) fn sample(lang: Lang, role: Option<Role>, path: &str) -> Self {
        let actor = role.map_or_else(Actor::anonymous, |role| Actor {
            id: uuid::Uuid::nil(),
            name: "Ana".to_owned(),
            ..Actor::of(ActorKind::User(role))
        });
        Self {
            lang,
            title: "Góndola".to_owned(),
            user: signed_in(&actor, lang),
            nav: navigation(&actor, lang, path),
            actor,
            flash: Some(Message { kind: "good", text: "Listo".to_owned(), undo: None }),
            demo: true,
            request_id: "req-1".to_owned(),
            form_key: "018f0000-0000-7000-8000-000000000000".to_owned(),
            fragment: false,
            zone: TimeZone::UTC,
            https: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_current_on_its_page_and_below_it() {
        assert!(is_at("/products", "/products") && is_at("/products/abc", "/products"));
        assert!(!is_at("/products-old", "/products"));
        assert!(is_at("/", "/") && !is_at("/products", "/"));
    }
}
