//! Fields that a form does not ask for: a role, a place, a flag. They are taken for nothing wherever people change
//! something of their own, and by the first start.

use gondola_shop::people::console;
use gondola_store::Permission;
use gondola_testkit::{TestShop, both_engines};

use crate::common::pages::form;
use crate::common::people::PASSWORD;
use crate::forbidden::requests::{Deed, SET_UP, prepare};
use gondola_shop::kernel::Access;

/// What somebody would like to be.
const PLANTED: [(&str, &str); 12] = [
    ("role", "admin"),
    ("user[role]", "admin"),
    ("role_code", "admin"),
    ("is_admin", "true"),
    ("admin", "1"),
    ("places", "deposito"),
    ("location", "deposito"),
    ("location_id", "deposito"),
    ("active", "true"),
    ("scopes", "admin"),
    ("permissions", "manage_people"),
    ("id", "00000000-0000-0000-0000-000000000001"),
];

/// Who there is, and what they may.
async fn people(shop: &TestShop) -> Vec<(String, String, Option<String>, bool)> {
    let users = console::list_users(shop.db()).await.expect("the users");
    users.into_iter().map(|user| (user.username, user.role, user.location, user.active)).collect()
}

/// The forms about oneself: the doors, one's password, second factor and sessions.
fn is_about_oneself(deed: &Deed) -> bool {
    let own = [Access::Anonymous, Access::Needs(Permission::OwnSession)];
    deed.is_page && own.contains(&deed.access) && deed.route != SET_UP
}

both_engines! {
    fn a_right_that_is_planted_in_a_form_of_ones_own_is_no_right(shop: TestShop) {
        let deeds = prepare(&shop).await;
        let before = people(&shop).await;
        let mut sent = 0;
        for deed in deeds.into_iter().filter(is_about_oneself) {
            let (kind, fields) = deed.content.clone().expect("a form");
            let planted = [fields, b"&".to_vec(), form(&PLANTED).into_bytes()].concat();
            let answer = Deed { content: Some((kind, planted)), ..deed }.send_from_here(&shop).await;
            assert!(matches!(answer.status, 200 | 303), "what the form is for is done: {}", answer.text());
            assert_eq!(people(&shop).await, before);
            sent += 1;
        }
        assert_eq!(sent, 9, "forms about oneself");
    }
}

both_engines! {
    /// SEC-4: whoever holds the token becomes the owner, whatever else they say, and nobody else becomes anything.
    fn the_first_start_makes_an_owner_whatever_is_planted(shop: TestShop) {
        let token = console::draw_set_up_token(shop.db()).await.unwrap().expect("there is no user yet");
        let fields = [("token", token.reveal()), ("username", "marta"), ("name", "Marta Gómez")];
        let password = [("password", PASSWORD), ("password_again", PASSWORD)];
        let planted = [("role", "cashier"), ("location", "deposito"), ("is_admin", "false"), ("active", "false")];
        let sent = form(&[&planted[..], &fields, &password].concat());
        shop.browser().form("/setup", &sent).await.expect_status(303);
        assert_eq!(people(&shop).await, [("marta".to_owned(), "admin".to_owned(), None, true)]);
        // There is an owner now: what the form says makes no other.
        let other = sent.replace("username=marta", "username=otra");
        let answer = shop.browser().form("/setup", &other).await.expect_status(303);
        assert_eq!((answer.header("location"), people(&shop).await.len()), ("/login", 1));
    }
}
