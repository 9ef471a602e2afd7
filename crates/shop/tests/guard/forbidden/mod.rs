//! Who may not does nothing, by any route and whoever they are (PEN-1, RTE-1, USR-6): each request has a body and
//! objects such that the shop would change if it were let in, and changes when the owner sends it. And no field that
//! a form does not ask for gives anybody a right.

mod costs;
mod hidden;
mod movements;
mod planted;
pub mod requests;

use crate::common::people::{signed_in, user};
use gondola_shop::kernel::Access;
use gondola_shop::kernel::endpoint::SECOND_FACTOR_PAGE;
use gondola_shop::people::{KeyInput, console};
use gondola_store::{Actor, ActorKind, Role, Scope};
use gondola_testkit::{Answer, Client, TestShop, both_engines};
use requests::{Deed, all_do_something, digest, prepare};

/// Everybody who may not do everything, as the shop sees them.
fn everybody(shop: &TestShop) -> Vec<(String, Actor)> {
    let mut all = vec![("nobody".to_owned(), shop.nobody())];
    all.extend(Role::ALL.map(|role| (format!("role {}", role.code()), shop.user(role))));
    all.extend(Scope::ALL.map(|scope| (format!("scope {}", scope.code()), shop.key(scope.code()))));
    let arriving = Actor { kind: ActorKind::Arriving(Role::Admin), ..shop.admin() };
    all.push(("an owner without their second factor".to_owned(), arriving));
    all
}

/// Whether a request is somebody's to send. What its body alone asks for is asked of them too.
fn may(actor: &Actor, deed: &Deed) -> bool {
    let key_at_a_page = deed.is_page && matches!(actor.kind, ActorKind::Key(_));
    let rights = deed.access.admits(actor) && deed.also.iter().all(|right| actor.may(*right));
    deed.access == Access::Anonymous || rights && !key_at_a_page
}

/// Strangers are sent to the log-in by a page, whoever has to set up a second factor to where that is done; all
/// others are told that they may not.
#[track_caller]
fn is_refused(who: &str, actor: &Actor, deed: &Deed, answer: &Answer) {
    let expected = match actor.kind {
        ActorKind::Anonymous if deed.is_page => (303, "/login"),
        ActorKind::Anonymous => (401, ""),
        ActorKind::Arriving(_) if deed.is_page => (303, SECOND_FACTOR_PAGE),
        _ => (403, ""),
    };
    assert_eq!((answer.status, answer.header("location")), expected, "{} for {who}: {}", deed.route, answer.text());
}

both_engines! {
    fn who_may_not_changes_nothing_by_any_route(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let before = digest(&shop).await;
        for (who, actor) in everybody(&shop) {
            let refused = deeds.iter().filter(|deed| !may(&actor, deed));
            let mut sent = 0;
            for deed in refused {
                let client = if deed.is_page { shop.page(actor.clone()) } else { shop.api(actor.clone()) };
                is_refused(&who, &actor, deed, &deed.send(&client).await);
                sent += 1;
            }
            assert!(sent > 0 || actor.kind == ActorKind::User(Role::Admin), "{who} may do everything");
            assert_eq!(digest(&shop).await, before, "{who} changed something");
        }
        all_do_something(&shop, &deeds).await;
        crate::common::adds_up(&shop).await;
    }
}

/// The secret of a key of one scope, which was used before and is known as used.
async fn key_in_use(shop: &TestShop, scope: &str) -> String {
    let input = KeyInput { name: Some(format!("de {scope}")), scopes: vec![scope.to_owned()], ..KeyInput::default() };
    let key = console::create_key(shop.db(), &shop.app().zone, input).await.unwrap();
    shop.program().header("x-api-key", key.secret.reveal()).get("/api/v1/products").await;
    // No request waits for it to be written.
    while console::list_keys(shop.db())
        .await
        .unwrap()
        .iter()
        .any(|known| known.id == key.key.id && known.last_used_at.is_none())
    {
        tokio::task::yield_now().await;
    }
    key.secret.reveal().to_owned()
}

/// What the shop itself makes of a session or a key is what these tests tell it elsewhere.
async fn is_as_told(shop: &TestShop, client: &Client<'_>, actor: &Actor, deeds: &[Deed]) {
    let before = digest(shop).await;
    for deed in deeds.iter().filter(|deed| !may(actor, deed)) {
        is_refused(&actor.name, actor, deed, &deed.send(client).await);
    }
    assert_eq!(digest(shop).await, before, "{} changed something", actor.name);
}

both_engines! {
    fn a_cashier_who_is_logged_in_changes_nothing_of_others(shop: TestShop) {
        let deeds = prepare(&shop).await;
        user(&shop, "caro", "cashier").await;
        let browser = signed_in(&shop, "caro").await;
        is_as_told(&shop, &browser, &shop.user(Role::Cashier), &deeds).await;
        let program = signed_in(&shop, "caro").await.header("accept", "application/json");
        is_as_told(&shop, &program, &shop.user(Role::Cashier), &deeds).await;
        all_do_something(&shop, &deeds).await;
    }
}

both_engines! {
    /// KEY-1, API-1.
    fn a_key_does_what_its_scope_says_and_nothing_by_a_page(shop: TestShop) {
        let deeds = prepare(&shop).await;
        for scope in ["read", "write", "admin"] {
            let program = shop.program().header("x-api-key", &key_in_use(&shop, scope).await);
            is_as_told(&shop, &program, &shop.key(scope), &deeds).await;
        }
        all_do_something(&shop, &deeds).await;
    }
}
