//! A sentence cut where its verbs stand: each verb opens a clause and takes what follows it, or what stands before it
//! when nothing follows.

use std::ops::Range;

use super::phrases::{Mark, Sense};
use super::tokens::{Kind, Token};

/// One clause: what is said, of which tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its verb; none when it is goods alone.
    pub verb: Option<Sense>,
    /// Its tokens, without its verb.
    pub tokens: Range<usize>,
    /// Where its verb ends.
    pub after_verb: usize,
}

/// A sentence with what was found in it.
pub(super) struct Marked<'a> {
    /// Its tokens.
    pub tokens: &'a [Token],
    /// Its phrases.
    pub marks: &'a [Mark],
}

impl Marked<'_> {
    /// The phrases that lie in a range.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = &Mark> {
        let range = range.clone();
        self.marks.iter().filter(move |mark| range.contains(&mark.at.start))
    }

    /// Is a token part of a phrase?
    pub fn is_marked(&self, at: usize) -> bool {
        let next = self.marks.partition_point(|mark| mark.at.end <= at);
        self.marks.get(next).is_some_and(|mark| mark.at.contains(&at))
    }

    /// Is there anything in a range that could be goods?
    fn has_content(&self, range: &Range<usize>) -> bool {
        range.clone().any(|at| {
            let token = &self.tokens[at];
            matches!(token.kind, Kind::Word | Kind::Number) && !self.is_marked(at) && !is_empty_word(&token.text)
        })
    }
}

/// Words that are no goods by themselves.
pub(super) fn is_empty_word(word: &str) -> bool {
    const EMPTY: [&str; 32] = [
        "y", "e", "o", "ni", "de", "del", "la", "las", "el", "los", "en", "al", "a", "con", "mas", "ya", "es", "son",
        "un", "una", "unos", "unas", "para", "por", "lo", "les", "le", "esta", "estan", "algo", "hace", "su",
    ];
    EMPTY.contains(&word)
}

/// The clauses of a sentence.
pub(super) fn clauses(marked: &Marked<'_>) -> Vec<Clause> {
    let openings: Vec<&Mark> =
        marked.marks.iter().enumerate().filter(|(at, mark)| opens(marked, *at, mark)).map(|(_, mark)| mark).collect();
    let end_of = |position: usize| openings.get(position).map_or(marked.tokens.len(), |mark| mark.at.start);
    let mut free = 0..end_of(0);
    let mut found = Vec::new();
    let mut past = 0;
    for (position, mark) in openings.iter().enumerate() {
        if mark.at.start < past {
            continue;
        }
        let end = if mark.sense == Sense::Remark { remark_end(marked, mark.at.end) } else { end_of(position + 1) };
        past = end;
        let own = mark.at.end..end;
        let after_verb = mark.at.end;
        // "Cindor no hay, pan tampoco": a verb with a comma behind it is said of what stands before it.
        let is_last = marked.tokens.get(mark.at.end).is_some_and(|next| matches!(next.kind, Kind::Comma | Kind::End));
        if marked.has_content(&own) && !is_last || !marked.has_content(&free) {
            // Priority that stands before the first verb is said of its clause.
            let has_goods = marked.has_content(&free);
            if has_goods {
                found.push(Clause { verb: None, tokens: free.clone(), after_verb: free.start });
            }
            let start = if has_goods { own.start } else { free.start };
            found.push(Clause { verb: Some(mark.sense), tokens: start..own.end, after_verb });
            free = own.end..own.end;
        } else {
            found.push(Clause { verb: Some(mark.sense), tokens: free.start..own.end, after_verb: free.start });
            free = own.end..own.end;
        }
        if mark.sense == Sense::Remark {
            let next = openings.iter().find(|next| next.at.start >= end);
            free = end..next.map_or(marked.tokens.len(), |next| next.at.start);
        }
    }
    if marked.has_content(&free) {
        found.push(Clause { verb: None, tokens: free.clone(), after_verb: free.start });
    }
    found
}

fn opens(marked: &Marked<'_>, at: usize, mark: &Mark) -> bool {
    let is_reason = at > 0
        && marked.marks[..at].iter().rev().find(|before| before.sense != Sense::Filler).is_some_and(|before| {
            before.sense == Sense::Because
                && marked.tokens[before.at.end..mark.at.start].iter().all(|token| !token.is_break())
        });
    mark.sense.opens() && !is_reason
}

/// A remark keeps its text whole: it ends with its line, or where a sentence ends and the next begins with a verb.
fn remark_end(marked: &Marked<'_>, start: usize) -> usize {
    let ends = (start..marked.tokens.len()).filter(|&at| marked.tokens[at].kind == Kind::End);
    let begins = |at: usize| marked.marks.iter().any(|mark| mark.at.start == at && mark.sense.opens());
    ends.into_iter().find(|&at| begins(at + 1)).unwrap_or(marked.tokens.len())
}
