//! The hash of an entry: SHA-256 over its place, the hash before it and every column, each with its
//! length in front, so that no two different entries are the same bytes.

use gondola_vault::{Digest, Hasher};

use super::entry::EntryRow;

/// What stands before the first entry.
pub const GENESIS: Digest = [0; 32];

/// Says what is hashed and how; another way of hashing has another name.
const DOMAIN: &[u8] = b"gondola audit 1";

/// The hash of an entry at a place in the chain. What the row says about its own place is not looked at.
pub fn hash(row: &EntryRow, position: i64, before: &[u8]) -> Digest {
    let mut hasher = Hasher::default();
    let mut bytes = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    bytes(DOMAIN);
    bytes(&position.to_be_bytes());
    bytes(before);
    for number in [row.sequence, row.at, row.status, row.records, row.sensitivity] {
        bytes(&number.to_be_bytes());
    }
    let texts = [
        &row.event,
        &row.family,
        &row.actor,
        &row.actor_name,
        &row.face,
        &row.resource,
        &row.client_ip,
        &row.agent,
        &row.request_id,
        &row.class,
        &row.reason,
    ];
    texts.into_iter().for_each(|text| bytes(text.as_bytes()));
    for digest in [&row.before_digest, &row.after_digest] {
        bytes(&[u8::from(digest.is_some())]);
        bytes(digest.as_deref().unwrap_or_default());
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Actor;
    use crate::audit::{Audited, Entry};

    fn row() -> EntryRow {
        let entry = Entry {
            event: "stock.post_movement".to_owned(),
            audited: Audited::MODIFY,
            at: 1,
            actor: Actor::system("console"),
            resource: "sku:LECHE".to_owned(),
            status: 200,
            records: 1,
            reason: String::new(),
            before: None,
            after: Some([7; 32]),
        };
        EntryRow::of(&entry, 1)
    }

    /// AUD-2: no column can be changed without another hash, nor a text moved from one column to the next.
    #[test]
    fn every_column_counts() {
        let original = hash(&row(), 1, &GENESIS);
        let text = |change: fn(&mut EntryRow) -> &mut String| {
            let mut row = row();
            change(&mut row).push('x');
            row
        };
        let mut changed = vec![
            text(|row| &mut row.event),
            text(|row| &mut row.family),
            text(|row| &mut row.actor),
            text(|row| &mut row.actor_name),
            text(|row| &mut row.face),
            text(|row| &mut row.resource),
            text(|row| &mut row.client_ip),
            text(|row| &mut row.agent),
            text(|row| &mut row.request_id),
            text(|row| &mut row.class),
            text(|row| &mut row.reason),
            EntryRow { sequence: 2, ..row() },
            EntryRow { at: 2, ..row() },
            EntryRow { status: 201, ..row() },
            EntryRow { records: 2, ..row() },
            EntryRow { sensitivity: 31, ..row() },
            EntryRow { before_digest: Some(Vec::new()), ..row() },
            EntryRow { after_digest: None, ..row() },
            EntryRow { after_digest: Some(vec![8; 32]), ..row() },
        ];
        let (face, resource) = (row().resource, row().face);
        changed.push(EntryRow { face, resource, ..row() });
        let mut hashes: Vec<_> = changed.iter().map(|row| hash(row, 1, &GENESIS)).collect();
        hashes.extend([hash(&row(), 2, &GENESIS), hash(&row(), 1, &[1; 32])]);
        for (at, other) in hashes.iter().enumerate() {
            assert_ne!(*other, original, "change {at}");
        }
        assert_eq!(hash(&row(), 1, &GENESIS), original);
    }
}
