//! A page of another site does nothing in a shop with the session that a person's browser holds (API-9, PEN-1), on any
//! writing route of any face; what is read from there changes nothing. And a session that a browser brings along
//! before somebody logs in does not become theirs (USR-3).

use crate::common::pages::form;
use crate::common::people::{PASSWORD, session_of, signed_in, user};
use crate::common::{adds_up, nothing};
use crate::forbidden::requests::{Deed, all_do_something, digest, logged_in, prepare};
use axum::body::Body;
use axum::http::header::{COOKIE, HOST};
use axum::http::{Method, Request};
use gondola_shop::FEATURES;
use gondola_shop::kernel::{Endpoint, Face};
use gondola_shop::people::{Secret, console};
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use tower::ServiceExt;

/// What a browser says when a page that is not ours sends something: the fetch metadata, the origin.
type Site = (Option<&'static str>, Option<&'static str>);

/// The shop's own address is `localhost`. One of the other faces is another origin of the same site.
const FOREIGN: [Site; 8] = [
    (Some("cross-site"), None),
    (Some("same-site"), None),
    (Some("none"), None),
    (Some("cross-site"), Some("http://localhost")),
    (None, Some("https://otra.example")),
    (None, Some("http://localhost.otra.example")),
    (None, Some("http://localhost:8001")),
    (None, Some("null")),
];

/// A browser always says something; a program does not.
const UNSAID: Site = (None, None);

fn at<'s>(client: Client<'s>, (metadata, origin): Site) -> Client<'s> {
    let client = client.without("sec-fetch-site");
    let client = metadata.map_or(client.clone(), |metadata| client.header("sec-fetch-site", metadata));
    origin.map_or(client.clone(), |origin| client.header("origin", origin))
}

both_engines! {
    /// Each request would change the shop, and does so afterwards, when a page of the shop sends it.
    fn no_writing_route_obeys_another_site(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let before = digest(&shop).await;
        for face in Face::ALL {
            for site in FOREIGN.into_iter().chain([UNSAID]) {
                for deed in &deeds {
                    let browser = at(shop.program().on(face).header("cookie", &deed.cookie), site);
                    let answer = deed.send(&browser).await;
                    assert_eq!(answer.status, 403, "{} on {} by {site:?}: {}", deed.route, face.name(), answer.text());
                    answer.expect_problem(403, "foreign_origin");
                }
            }
            assert_eq!(digest(&shop).await, before, "something was changed on {}", face.name());
        }
        all_do_something(&shop, &deeds).await;
        adds_up(&shop).await;
    }
}

both_engines! {
    /// The shop's own origin is as good as the metadata, for browsers that send none.
    fn a_form_of_our_own_page_is_obeyed_without_the_metadata_too(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let browser = at(signed_in(&shop, "marta").await, (None, Some("http://localhost")));
        browser.form("/account/second-factor", "").await.expect_status(303);
    }
}

fn endpoints() -> impl Iterator<Item = Endpoint> {
    FEATURES.iter().flat_map(|feature| (feature.endpoints)())
}

both_engines! {
    /// What no route takes is refused for the site all the same, so that a method that is added later is too.
    fn no_method_but_those_that_read_is_heard_from_another_site(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        let before = signed_in(&shop, "marta").await;
        let browser = at(before.clone(), (Some("cross-site"), None));
        let mut paths: Vec<String> = endpoints().map(|endpoint| any_object(&endpoint.path)).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"] {
                let answer = browser.send(method.parse().unwrap(), &path, None).await;
                assert_eq!(answer.status, 403, "{method} {path}");
            }
        }
        before.get("/account").await.expect_status(200);
    }
}

/// A path that names objects which do not exist.
fn any_object(template: &str) -> String {
    let id = nothing().to_string();
    let part = |part| if str::starts_with(part, '{') { id.as_str() } else { part };
    template.split('/').map(part).collect::<Vec<&str>>().join("/")
}

/// The path of a reading route, to an object that a request is about, if it is about one of those.
fn to_known_object(template: &str, deeds: &[Deed]) -> String {
    let Some(end) = template.find('}') else { return template.to_owned() };
    let (prefix, rest) = template.split_at(end + 1);
    let parts = prefix.split('/').count();
    let names = |deed: &&Deed| deed.route.split_once(' ').is_some_and(|(_, of)| of.starts_with(prefix));
    let Some(deed) = deeds.iter().find(names) else { return any_object(template) };
    let known = deed.path.split('/').take(parts).collect::<Vec<&str>>().join("/");
    format!("{known}{}", any_object(rest))
}

both_engines! {
    /// Reading is let in from anywhere, so no reading route may change anything.
    fn what_is_read_from_another_site_changes_nothing(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let (owner, cashier) = (logged_in(&shop, "marta").await, logged_in(&shop, "entra").await);
        let mut found = 0;
        let before = digest(&shop).await;
        for endpoint in endpoints().filter(|endpoint| endpoint.method == Method::GET) {
            let path = to_known_object(&endpoint.path, &deeds);
            for cookie in [&owner, &cashier] {
                // The head alone: a stream of events would never end.
                let request = Request::builder().uri(&path).header(HOST, "localhost").header(COOKIE, cookie);
                let request = request.header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
                let answer = shop.face(Face::Dashboard).oneshot(request).await.unwrap();
                assert!(answer.status().as_u16() < 500, "{path}: {}", answer.status());
                found += usize::from(answer.status().is_success());
            }
            assert_eq!(digest(&shop).await, before, "GET {path} changes something");
        }
        assert!(found > 60, "{found} readings found something");
    }
}

fn deed<'d>(deeds: &'d [Deed], route: &str) -> &'d Deed {
    deeds.iter().find(|deed| deed.route == route).unwrap_or_else(|| panic!("no {route}"))
}

both_engines! {
    /// Whoever is logged in by another site works in an account that is not theirs. Only a browser tells where a
    /// request comes from: what says nothing is a program.
    fn nobody_is_logged_in_by_another_site(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let before = digest(&shop).await;
        let doors = ["POST /login", "POST /login/second-step"].map(|route| deed(&deeds, route));
        for site in FOREIGN {
            for door in doors {
                let answer = door.send(&at(shop.program(), site)).await.expect_problem(403, "foreign_origin");
                assert_eq!(answer.header("set-cookie"), "", "{} by {site:?}", door.route);
            }
        }
        assert_eq!(digest(&shop).await, before, "nobody came in, and no attempt was counted");
        for door in doors {
            session_of(&door.send(&at(shop.program(), UNSAID)).await.expect_status(303));
        }
    }
}

fn set_up(token: &str) -> String {
    let password = [("password", PASSWORD), ("password_again", PASSWORD)];
    form(&[&[("token", token), ("username", "marta"), ("name", "Marta Gómez")][..], &password].concat())
}

both_engines! {
    fn no_shop_gets_its_owner_by_another_site(shop: TestShop) {
        let token = console::draw_set_up_token(shop.db()).await.unwrap().expect("there is no user yet");
        let fields = set_up(token.reveal());
        for site in FOREIGN {
            at(shop.program(), site).form("/setup", &fields).await.expect_problem(403, "foreign_origin");
        }
        assert!(console::list_users(shop.db()).await.unwrap().is_empty());
        shop.browser().form("/setup", &fields).await.expect_status(303);
    }
}

/// Whether a session opens anything.
async fn is_in(shop: &TestShop, cookie: &str) -> bool {
    shop.browser().header("cookie", cookie).get("/account").await.status == 200
}

/// The session that a log-in gave is a new one, and the one that was brought along is none.
async fn is_not_taken_over(shop: &TestShop, brought: &str, answer: &Answer) {
    let given = session_of(answer);
    assert_ne!(given, brought);
    assert!(is_in(shop, &given).await, "whoever logged in is in");
    assert!(!is_in(shop, brought).await, "whoever made the session up is not");
}

/// A session id of the right form that no log-in gave, and texts that are none.
fn made_up() -> [String; 3] {
    let id = Secret::draw().reveal().to_owned();
    [id, "A".repeat(43), "1".to_owned()].map(|id| format!("gondola_session={id}"))
}

both_engines! {
    /// USR-3: fixation. Somebody's browser holds a session that another person put there and knows.
    fn a_made_up_session_is_not_taken_over_by_a_log_in(shop: TestShop) {
        prepare(&shop).await;
        for cookie in made_up() {
            assert!(!is_in(&shop, &cookie).await);
            let browser = shop.browser().header("cookie", &cookie);
            let log_in = form(&[("username", "entra"), ("password", PASSWORD)]);
            let answer = browser.form("/login", &log_in).await.expect_status(303);
            is_not_taken_over(&shop, &cookie, &answer).await;
        }
    }
}

both_engines! {
    fn a_made_up_session_is_not_taken_over_by_the_second_step(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let step = deed(&deeds, "POST /login/second-step");
        let [cookie, ..] = made_up();
        let answer = step.send(&shop.browser().header("cookie", &cookie)).await.expect_status(303);
        is_not_taken_over(&shop, &cookie, &answer).await;
    }
}

both_engines! {
    fn a_made_up_session_is_not_taken_over_by_the_first_start(shop: TestShop) {
        let token = console::draw_set_up_token(shop.db()).await.unwrap().expect("there is no user yet");
        let [cookie, ..] = made_up();
        let browser = shop.browser().header("cookie", &cookie);
        let answer = browser.form("/setup", &set_up(token.reveal())).await.expect_status(303);
        is_not_taken_over(&shop, &cookie, &answer).await;
    }
}

both_engines! {
    /// A session of somebody else that a browser brought along ends with the log-in; theirs is another.
    fn a_session_of_somebody_else_is_not_taken_over(shop: TestShop) {
        user(&shop, "marta", "admin").await;
        user(&shop, "caro", "cashier").await;
        let planted = logged_in(&shop, "caro").await;
        let log_in = form(&[("username", "marta"), ("password", PASSWORD)]);
        let answer = shop.browser().header("cookie", &planted).form("/login", &log_in).await.expect_status(303);
        is_not_taken_over(&shop, &planted, &answer).await;
    }
}
