//! Codes that change every half minute (RFC 6238): SHA-1, six digits, steps of 30 seconds, as every
//! authenticator on a telephone makes them. Who has a secret and which step was used last is not here.

use aws_lc_rs::hmac;

use crate::digest::same;
use crate::random::{Randomness, SystemRandomness};

/// Bytes of a secret: as many as the digest has.
const SECRET_LEN: usize = 20;
/// Seconds that a code is shown.
const STEP_S: i64 = 30;
/// Steps that a clock may be off, either way (USR-5).
const DRIFT_STEPS: i64 = 1;
/// Digits of a code.
const DIGITS: usize = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What a person's authenticator and the shop share. Shows nothing when printed.
#[derive(Clone)]
pub struct TotpSecret([u8; SECRET_LEN]);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

impl Drop for TotpSecret {
    fn drop(&mut self) {
        self.0.fill(0);
    }
}

impl TotpSecret {
    /// Draws one.
    pub fn draw() -> Self {
        let mut bytes = [0; SECRET_LEN];
        SystemRandomness.fill(&mut bytes);
        Self(bytes)
    }

    /// The secret of these bytes, as they were kept; none for another number of them.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    /// The bytes, to be sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret as people type it into an authenticator: 32 letters and digits, in base 32.
    pub fn base32(&self) -> String {
        let mut text = String::with_capacity(32);
        for chunk in self.0.chunks(5) {
            let word = chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            text.extend((0..8).map(|digit| char::from(BASE32[(word >> (35 - 5 * digit)) as usize & 31])));
        }
        text
    }

    /// The address that an authenticator reads from a square code. `issuer` and `account` are shown there.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (escape(issuer), escape(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.base32())
    }

    /// The step whose code this is, at `now` (Unix time in microseconds), give or take one; none when it is
    /// another code, or of the step that was used last or one before.
    pub fn accept(&self, code: &str, now: i64, used: i64) -> Option<i64> {
        let current = now.div_euclid(1_000_000).div_euclid(STEP_S);
        // All steps are computed, whichever matches.
        let steps = (current - DRIFT_STEPS..=current + DRIFT_STEPS).map(|step| (step, self.code(step)));
        let matching: Vec<i64> =
            steps.filter(|(_, of)| same(of.as_bytes(), code.as_bytes())).map(|(step, _)| step).collect();
        matching.into_iter().find(|step| *step > used)
    }

    /// The code of a step.
    pub fn code(&self, step: i64) -> String {
        format!("{:0DIGITS$}", self.truncated(step) % 1_000_000)
    }

    /// The 31 bits that RFC 4226 takes out of the digest.
    fn truncated(&self, step: i64) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let digest = tag.as_ref();
        let at = usize::from(digest[SECRET_LEN - 1] & 0x0f);
        u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]])
    }
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// USR-5: the vectors of RFC 6238, appendix B, for SHA-1.
    #[test]
    fn the_published_vectors_pass() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ] {
            let step = seconds / STEP_S;
            assert_eq!(secret.truncated(step) % 100_000_000, code, "{seconds}");
            assert_eq!(secret.code(step), format!("{:06}", code % 1_000_000));
        }
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    /// USR-5: a step before and after, and none twice.
    #[test]
    fn a_code_counts_a_step_early_or_late_and_once() {
        let secret = TotpSecret::draw();
        let now = 1_764_000_015 * 1_000_000;
        let step = 1_764_000_015 / STEP_S;
        for near in [step - 1, step, step + 1] {
            assert_eq!(secret.accept(&secret.code(near), now, 0), Some(near));
            assert_eq!(secret.accept(&secret.code(near), now, near), None, "used");
            assert_eq!(secret.accept(&secret.code(near), now, near + 1), None, "older than one that was used");
        }
        for far in [step - 2, step + 2] {
            assert_eq!(secret.accept(&secret.code(far), now, 0), None);
        }
        for wrong in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"] {
            assert_eq!(secret.accept(wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_holds_what_people_call_the_shop() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let uri = secret.uri("Góndola", "ana m");
        assert_eq!(
            uri,
            "otpauth://totp/G%C3%B3ndola:ana%20m?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=G%C3%B3ndola"
        );
        assert_eq!(format!("{secret:?}"), "TotpSecret(***)");
    }
}
