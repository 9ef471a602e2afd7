//! Coming in as people do: users with known passwords, log-in, cookies.

use gondola_shop::people::{UserInput, UserRecord, console};
use gondola_testkit::{Answer, Client, TestShop};

/// The password of every user of these tests.
pub const PASSWORD: &str = "tres palabras sueltas";

/// Makes a user with the password above.
pub async fn user(shop: &TestShop, username: &str, role: &str) -> UserRecord {
    let input = UserInput {
        username: Some(username.to_owned()),
        name: Some(format!("{username} de prueba")),
        role: Some(role.to_owned()),
        location: None,
        password: Some(PASSWORD.to_owned()),
    };
    console::add_user(shop.db(), input).await.expect("make a user")
}

/// Sends the log-in form.
pub async fn try_log_in(shop: &TestShop, username: &str, password: &str) -> Answer {
    let fields = format!("username={}&password={}", encoded(username), encoded(password));
    shop.browser().form("/login", &fields).await
}

/// A browser in which that user is signed in.
pub async fn signed_in<'s>(shop: &'s TestShop, username: &str) -> Client<'s> {
    let answer = try_log_in(shop, username, PASSWORD).await.expect_status(303);
    shop.browser().header("cookie", &session_of(&answer))
}

/// The session cookie that an answer sets, as a browser sends it back.
pub fn session_of(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("plain text"));
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("gondola_session=")).expect("a session");
    cookie.split(';').next().expect("a cookie has a value").to_owned()
}

/// A text as it stands in a form's body.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// An idempotency key for a form.
pub fn form_key(number: u32) -> String {
    format!("idempotency_key=test-{number}")
}
