//! The first message of TLS, written by hand: the library speaks no version and no suite that ought to be refused, so
//! it cannot ask for one. Nothing is agreed on here, only looked at. Proper connections are in `target`.

use std::io::{self, Read, Write};

use super::target::Target;

/// TLS 1.0 and 1.1, which are given up (RFC 8996).
pub const OLD_VERSIONS: [([u8; 2], &str); 2] = [([3, 1], "TLS 1.0"), ([3, 2], "TLS 1.1")];
/// TLS 1.2, the last version in which the suite decides about forward secrecy.
pub const TLS_1_2: [u8; 2] = [3, 3];
/// Suites that servers of the time of TLS 1.0 have.
pub const OLD_SUITES: &[u16] =
    &[0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x0039, 0x0016, 0x002f, 0x0035, 0x000a, 0x0005, 0x0004];
/// Suites of TLS 1.2 whose sessions are open to who gets the key later, whose encryption does not authenticate, or
/// that do not encrypt.
pub const WEAK_SUITES: [(&str, &[u16]); 4] = [
    ("RSA + AES-GCM", &[0x009c, 0x009d]),
    (
        "ECDHE/DHE + AES-CBC",
        &[0xc023, 0xc024, 0xc027, 0xc028, 0xc009, 0xc00a, 0xc013, 0xc014, 0x0067, 0x006b, 0x0033, 0x0039],
    ),
    ("RSA + AES-CBC", &[0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084]),
    ("RC4, 3DES, NULL", &[0xc011, 0xc007, 0x0005, 0x0004, 0xc012, 0xc008, 0x0016, 0x000a, 0x003b, 0x0002, 0x0001]),
];
/// A handshake's and an alert's record, and the answer to a first message.
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
/// Where in a record with that answer the chosen version, the length of the session id and what follows it stand.
const VERSION_AT: usize = 5 + 4;
const SESSION_AT: usize = VERSION_AT + 2 + 32;

/// What the other side makes of a first message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It wants nothing of the kind.
    Refused,
    /// It goes along, with this suite.
    Taken(u16),
}

/// A first message of that version with these suites, and no more than it must have.
pub fn client_hello(version: [u8; 2], suites: &[u16], server_name: Option<&str>) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend(sized(&suites.iter().flat_map(|suite| suite.to_be_bytes()).collect::<Vec<_>>()));
    body.extend([1, 0]);
    body.extend(sized(&extensions(server_name)));
    let mut message = vec![1, 0];
    message.extend(sized(&body));
    let mut record = vec![HANDSHAKE, 3, 1];
    record.extend(sized(&message));
    record
}

fn extensions(server_name: Option<&str>) -> Vec<u8> {
    let groups = [0, 10, 0, 8, 0, 6, 0, 29, 0, 23, 0, 24];
    let points = [0, 11, 0, 2, 1, 0];
    let signatures = [0, 13, 0, 14, 0, 12, 4, 3, 5, 3, 8, 4, 4, 1, 5, 1, 2, 1];
    let mut all = [&groups[..], &points, &signatures].concat();
    if let Some(name) = server_name {
        let entry = [&[0][..], &sized(name.as_bytes())].concat();
        all.extend([0, 0]);
        all.extend(sized(&sized(&entry)));
    }
    all
}

/// With its length in two bytes before it.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a first message is short");
    [&length.to_be_bytes()[..], bytes].concat()
}

/// Sends a first message on a connection of its own and reads what becomes of it.
///
/// # Errors
/// When nobody is there, or no answer comes in time.
pub fn try_out(target: &Target, version: [u8; 2], suites: &[u16]) -> io::Result<Reply> {
    let mut stream = target.connect()?;
    let answer = stream.write_all(&client_hello(version, suites, target.server_name())).and_then(|()| {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let mut rest = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        if head[0] == HANDSHAKE {
            stream.read_exact(&mut rest)?;
        }
        Ok([&head[..], &rest].concat())
    });
    match answer {
        Ok(record) => Ok(read(&record)),
        // Hanging up is a refusal; silence is none.
        Err(error) if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => Err(error),
        Err(_) => Ok(Reply::Refused),
    }
}

fn read(record: &[u8]) -> Reply {
    if record.first() != Some(&HANDSHAKE) || record.get(5) != Some(&SERVER_HELLO) {
        return Reply::Refused;
    }
    let session = record.get(SESSION_AT).map_or(0, |length| usize::from(*length));
    let suite = record.get(SESSION_AT + 1 + session..SESSION_AT + 3 + session);
    suite.map_or(Reply::Refused, |suite| Reply::Taken(u16::from_be_bytes([suite[0], suite[1]])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_for_what_it_is() {
        let mut taken = vec![HANDSHAKE, 3, 1, 0, 44, SERVER_HELLO, 0, 0, 40, 3, 1];
        taken.extend([9; 32]);
        taken.extend([2, 8, 8, 0xc0, 0x13, 0]);
        assert_eq!(read(&taken), Reply::Taken(0xc013));
        for refused in [&[21, 3, 1, 0, 2, 2, 70][..], &[], &[HANDSHAKE, 3, 1, 0, 1, 14], &taken[..taken.len() - 3]] {
            assert_eq!(read(refused), Reply::Refused, "{refused:?}");
        }
    }

    #[test]
    fn a_first_message_says_its_own_length_and_the_name_it_asks_for() {
        for name in [None, Some("tienda.example")] {
            let hello = client_hello(TLS_1_2, &[0x009c], name);
            assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
            assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
            let named = hello.windows(14).any(|window| window == b"tienda.example");
            assert_eq!(named, name.is_some());
        }
    }
}
