//! Rights that grow: an account that is given one role after the other.

use std::collections::BTreeSet;

use gondola_store::audit::{EntryRow, Family};
use gondola_store::{At, Role};

use super::rules::{GRANTED_ROLES, GRANTS, WEEK};
use super::windows::{Rule, Timeline};
use super::{Case, Detector, Severity};
use crate::people::granted_role;

/// Roles given to one account.
pub fn privilege_escalation(entries: &[EntryRow], since: At) -> Vec<Case> {
    let rights = entries.iter().filter(|entry| entry.family == Family::Privilege.code() && entry.status < 400);
    let grants = rights.filter_map(|entry| granted_role(&entry.reason).map(|role| (entry, role)));
    let timeline = Timeline::of(grants.map(|(entry, role)| ((entry.resource.clone(), String::new()), entry.at, role)));
    let rule = Rule { detector: Detector::PrivilegeEscalation, window: WEEK, since };
    rule.cases(&timeline, |window| {
        let roles: BTreeSet<&str> = window.within.iter().map(|(_, role)| role.code()).collect();
        let severity = if roles.contains(Role::Admin.code()) { Severity::Critical } else { Severity::High };
        (window.len() >= GRANTS && roles.len() >= GRANTED_ROLES).then_some((window.len(), severity))
    })
}
