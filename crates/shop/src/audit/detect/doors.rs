//! Trouble at the doors: passwords that are tried, keys that are no good, people from everywhere, values that do not
//! open.

use gondola_store::At;
use gondola_store::audit::{EntryRow, REFUSED};

use super::evidence::{Operation, Outcome, ProtectedAccess, Sighting, is_somebody};
use super::rules::{
    ADDRESSES, BRUTE_FORCE, BRUTE_FORCE_CRITICAL, DAY, DECRYPT_FAILURES, HOUR, KEY_MISUSES, SPRAYED_ACCOUNTS,
    SPRAYED_ACCOUNTS_CRITICAL,
};
use super::windows::{Rule, Timeline, Window};
use super::{Case, Detector, Severity};
use crate::people::FAILED_LOG_IN;

/// Failed log-ins to one account from one address, and to many accounts from one: a case of the account and a case of
/// the address.
pub fn brute_force(entries: &[EntryRow], since: At) -> Vec<Case> {
    let failures = || entries.iter().filter(|entry| entry.event == FAILED_LOG_IN);
    let rule = Rule { detector: Detector::BruteForce, window: HOUR, since };
    let severity = |count, critical| if count >= critical { Severity::Critical } else { Severity::High };
    let guessed =
        Timeline::of(failures().map(|entry| ((entry.resource.clone(), entry.client_ip.clone()), entry.at, ())));
    let mut cases = rule.cases(&guessed, |window| {
        (window.len() >= BRUTE_FORCE).then_some((window.len(), severity(window.len(), BRUTE_FORCE_CRITICAL)))
    });
    let sprayed =
        Timeline::of(failures().map(|entry| ((entry.client_ip.clone(), String::new()), entry.at, &entry.resource)));
    cases.extend(rule.cases(&sprayed, |window: &Window<'_, &String>| {
        let accounts = window.different();
        (accounts >= SPRAYED_ACCOUNTS).then_some((accounts, severity(accounts, SPRAYED_ACCOUNTS_CRITICAL)))
    }));
    cases
}

/// Uses of a key that has ended, was revoked, lacks the scope or came from a network that it is not for. Each was turned
/// away; an entry counts as many of them as it says.
pub fn key_misuse(entries: &[EntryRow], since: At) -> Vec<Case> {
    let turned_away = |entry: &&EntryRow| {
        entry.event == REFUSED && entry.actor.starts_with("key:") && matches!(entry.status, 401 | 403)
    };
    let uses = entries.iter().filter(turned_away);
    let timeline = Timeline::of(uses.map(|entry| ((entry.actor.clone(), String::new()), entry.at, entry.records)));
    let rule = Rule { detector: Detector::KeyMisuse, window: HOUR, since };
    rule.cases(&timeline, |window| {
        let uses = window.within.iter().map(|(_, times)| times).sum();
        (uses >= KEY_MISUSES).then_some((uses, Severity::High))
    })
}

/// Addresses that one person or program comes from.
pub fn ip_spread(sightings: &[Sighting], since: At) -> Vec<Case> {
    let seen = sightings.iter().filter(|seen| is_somebody(&seen.actor) && !seen.client_ip.is_empty());
    let timeline = Timeline::of(seen.map(|seen| ((seen.actor.clone(), String::new()), seen.at, &seen.client_ip)));
    let rule = Rule { detector: Detector::IpSpread, window: DAY, since };
    rule.cases(&timeline, |window: &Window<'_, &String>| {
        let addresses = window.different();
        (addresses > ADDRESSES).then_some((addresses, Severity::Medium))
    })
}

/// Protected values that did not open for somebody.
pub fn decrypt_failures(accesses: &[ProtectedAccess], since: At) -> Vec<Case> {
    let failed = |access: &&ProtectedAccess| {
        access.operation == Operation::Denied
            || (access.operation == Operation::Decrypt && access.outcome == Outcome::Refused)
    };
    let failures = accesses.iter().filter(failed);
    let timeline = Timeline::of(failures.map(|access| ((access.actor.clone(), String::new()), access.at, ())));
    let rule = Rule { detector: Detector::DecryptFailures, window: DAY, since };
    rule.cases(&timeline, |window| (window.len() > DECRYPT_FAILURES).then_some((window.len(), Severity::Critical)))
}
