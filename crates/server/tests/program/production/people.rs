//! Coming in as people do, over https: the first run, the log-in, the second step. What a cookie must be like
//! is here too, since every door sets one.

use gondola_store::{Clock, SystemClock};
use gondola_vault::TotpSecret;

use crate::production::https::{Answer, Caller};
use crate::production::shop::Served;

/// The password of everybody.
pub const PASSWORD: &str = "cuatro limones y una soga";
/// Where a second step is set up.
pub const SECOND_STEP: &str = "/account/second-factor";
const COOKIE: &str = "__Host-gondola_session=";
const STEP_US: i64 = 30_000_000;

/// Sends the form of the first run with a token.
pub fn set_up(served: &Served, token: &str) -> Answer {
    let owner = [("username", "ana"), ("name", "Ana"), ("password", PASSWORD), ("password_again", PASSWORD)];
    served.dashboard().form("/setup", &[&[("token", token)][..], &owner].concat())
}

/// The token that the program said at its first run.
pub fn token(served: &Served) -> String {
    served.running.said["setup_token"].as_str().unwrap().to_owned()
}

/// Sends the log-in form.
pub fn log_in(served: &Served, username: &str) -> Answer {
    served.dashboard().form("/login", &[("username", username), ("password", PASSWORD)])
}

/// A browser that keeps the session of an answer.
pub fn signed_in(served: &Served, answer: &Answer) -> Caller {
    served.dashboard().with("cookie", &session_of(answer))
}

/// The session that an answer opens, as a browser sends it back, in a cookie for this host over https alone (USR-3).
#[track_caller]
pub fn session_of(answer: &Answer) -> String {
    let cookie = answer.all("set-cookie").into_iter().find(|cookie| cookie.starts_with(COOKIE));
    let cookie = cookie.unwrap_or_else(|| panic!("no session: {answer:?}"));
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"], "no Domain and no age: {cookie}");
    assert!(pair.len() >= COOKIE.len() + 43, "256 bits: {cookie}");
    pair.to_owned()
}

/// Asks for a new secret and reads it off the page, as an authenticator does.
pub fn begin(browser: &Caller) -> TotpSecret {
    browser.form(SECOND_STEP, &[]).expect(303);
    let page = browser.get(SECOND_STEP).expect(200).text();
    let shown = page.split("secret=").nth(1).unwrap_or_else(|| panic!("no secret on {page}"));
    let letters: Vec<u64> = shown.chars().take_while(char::is_ascii_alphanumeric).map(value_of).collect();
    let word = |eight: &[u64]| eight.iter().fold(0, |word, five| word << 5 | five).to_be_bytes();
    let bytes: Vec<u8> = letters.chunks(8).flat_map(|eight| word(eight)[3..].to_vec()).collect();
    TotpSecret::from_bytes(&bytes).unwrap()
}

/// What a letter of base 32 stands for.
fn value_of(letter: char) -> u64 {
    let letter = u8::try_from(letter).unwrap();
    u64::from(if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' })
}

/// The step whose code an authenticator shows now.
pub fn step_now() -> i64 {
    SystemClock.now() / STEP_US
}

/// Proves that the authenticator has learnt; answers what came and the step of the code that was spent.
pub fn confirm(browser: &Caller, secret: &TotpSecret) -> (Answer, i64) {
    let step = step_now();
    let fields = [("code", secret.code(step)), ("password", PASSWORD.to_owned())];
    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
    (browser.form(&format!("{SECOND_STEP}/confirm"), &fields).expect(200), step)
}
