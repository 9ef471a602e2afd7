//! The hash of an entry: SHA-256 over its place, the hash before it and every column, each with its
//! length in front, so that no two different entries are the same bytes.

use gondola_vault::Digest;

use super::entry::EntryRow;
use crate::chain::{Framed, Linked};

/// Says what is hashed and how; another way of hashing has another name.
const DOMAIN: &[u8] = b"gondola audit 1";

impl Linked for EntryRow {
    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn position(&self) -> Option<i64> {
        self.position
    }

    fn stored(&self) -> (&[u8], &[u8]) {
        (self.prev_hash.as_deref().unwrap_or_default(), self.row_hash.as_deref().unwrap_or_default())
    }

    fn hash(&self, position: i64, before: &[u8]) -> Digest {
        let mut hash = Framed::of(DOMAIN);
        hash.add(&position.to_be_bytes());
        hash.add(before);
        for number in [self.sequence, self.at, self.status, self.records, self.sensitivity] {
            hash.add(&number.to_be_bytes());
        }
        let texts = [
            &self.event,
            &self.family,
            &self.actor,
            &self.actor_name,
            &self.face,
            &self.resource,
            &self.client_ip,
            &self.agent,
            &self.request_id,
            &self.class,
            &self.reason,
        ];
        texts.into_iter().for_each(|text| hash.add(text.as_bytes()));
        for digest in [&self.before_digest, &self.after_digest] {
            hash.add_optional(digest.as_deref());
        }
        // Nothing is hashed of none, so that entries from before there was one keep their hashes.
        if !self.approver.is_empty() {
            hash.add(self.approver.as_bytes());
        }
        hash.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Actor;
    use crate::audit::{Audited, Entry};
    use crate::chain::GENESIS;

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
            approver: String::new(),
            before: None,
            after: Some([7; 32]),
        };
        EntryRow::of(&entry, 1)
    }

    /// AUD-2: no column can be changed without another hash, nor a text moved from one column to the next.
    #[test]
    fn every_column_counts() {
        let original = row().hash(1, &GENESIS);
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
            text(|row| &mut row.approver),
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
        let mut hashes: Vec<_> = changed.iter().map(|row| row.hash(1, &GENESIS)).collect();
        hashes.extend([row().hash(2, &GENESIS), row().hash(1, &[1; 32])]);
        for (at, other) in hashes.iter().enumerate() {
            assert_ne!(*other, original, "change {at}");
        }
        assert_eq!(row().hash(1, &GENESIS), original);
    }
}
