//! Photographs of forged pages: they repeat, each degradation changes something, and geometry loses nothing it should keep.

use crate::forge::document;
use crate::forge::lens::{Grey, Hold};
use crate::forge::photo::{Degradation, RENDERER, can_render, photograph};

/// A picture in which no two places are alike.
fn pattern() -> Grey {
    let light = (0..48_usize * 32).map(|at| u8::try_from(at * 37 % 251).expect("below 251")).collect();
    Grey { width: 48, height: 32, light }
}

#[test]
fn four_quarter_turns_are_none() {
    let once = pattern().quarter_turn();
    assert_eq!((once.width, once.height), (32, 48));
    assert_eq!(once.light[31], pattern().light[0], "the first pixel comes to the upper right corner");
    assert_eq!(once.quarter_turn().quarter_turn().quarter_turn(), pattern());
}

#[test]
fn a_camera_held_straight_sees_the_page_as_it_is() {
    let seen = pattern().held(Hold::default());
    for row in 0..31 {
        let from = (row + 2) * seen.width + 3;
        assert_eq!(seen.light[from..from + 47], pattern().light[row * 48..row * 48 + 47], "row {row}");
    }
}

#[test]
fn blur_keeps_a_plain_picture_and_spreads_a_dot() {
    assert_eq!(Grey::plain(20, 10, 77).blurred(2), Grey::plain(20, 10, 77));
    let mut dot = Grey::plain(9, 9, 0);
    dot.light[4 * 9 + 4] = 90;
    let soft = dot.blurred(1);
    let (middle, beside, beyond) = (soft.light[40], soft.light[41], soft.light[42]);
    assert_eq!((middle, beside, beyond), (10, 10, 0));
}

#[test]
fn every_degradation_changes_the_photograph_and_a_seed_repeats_it() {
    if !can_render() {
        println!("SKIPPED: {RENDERER} is not installed (apt-get install poppler-utils)");
        return;
    }
    let pdf = document(11).pdf;
    let photos = Degradation::ALL.map(|degradation| photograph(&pdf, 1, degradation, 3));
    for (at, photo) in photos.iter().enumerate() {
        assert!(photo.starts_with(&[0xFF, 0xD8, 0xFF]), "{} is a JPEG", Degradation::ALL[at].name());
        assert!(!photos[..at].contains(photo), "{} shows nothing new", Degradation::ALL[at].name());
    }
    for degradation in [Degradation::Perspective, Degradation::LowLight] {
        let at = Degradation::ALL.iter().position(|one| *one == degradation).expect("it is among them");
        assert!(photograph(&pdf, 1, degradation, 3) == photos[at], "{} repeats", degradation.name());
        assert!(photograph(&pdf, 1, degradation, 4) != photos[at], "{} is drawn from the seed", degradation.name());
    }
}
