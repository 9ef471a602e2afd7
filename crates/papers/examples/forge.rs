//! Writes forged suppliers' papers to look at: `cargo run -p gondola-papers --example forge -- FOLDER FIRST COUNT` puts so
//! many PDF into the folder, each with its truth beside it, and one photograph of each, every time worse in another way.

use std::fs;
use std::io;
use std::path::Path;

#[path = "../tests/forge/mod.rs"]
mod forge;

use forge::photo::{Degradation, photograph};

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
    let (Some(folder), Some(first), Some(count)) = (words.first(), number(1), number(2)) else {
        return Err(io::Error::other("say a folder, the first seed and how many: forge papers 0 16"));
    };
    fs::create_dir_all(folder)?;
    for (seed, degradation) in (first..).take(usize::try_from(count).unwrap_or(0)).zip(Degradation::ALL.iter().cycle())
    {
        write(Path::new(folder), seed, *degradation)?;
    }
    Ok(())
}

fn write(folder: &Path, seed: u64, degradation: Degradation) -> io::Result<()> {
    let forged = forge::document(seed);
    fs::write(folder.join(format!("{seed:05}.pdf")), &forged.pdf)?;
    fs::write(folder.join(format!("{seed:05}.txt")), format!("{:#?}\n", forged.truth))?;
    let photo = photograph(&forged.pdf, 1, degradation, seed);
    fs::write(folder.join(format!("{seed:05}-{}.jpg", degradation.name())), photo)
}
