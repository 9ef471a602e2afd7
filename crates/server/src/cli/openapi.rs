//! `gondola openapi`: the API document of a face, without a server or a shop.

use anyhow::Context as _;
use clap::Args;

use super::Exit;
use super::console::Console;
use super::serve::FaceName;
use crate::start::StartError;

/// Print the OpenAPI 3.1 document
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  gondola openapi --face deposito > deposito.json")]
pub struct Openapi {
    /// Whose document
    #[arg(long, value_enum, default_value = "dashboard")]
    face: FaceName,
}

impl Openapi {
    /// Runs the command.
    pub fn run(self, console: &Console) -> Result<Exit, StartError> {
        let document = gondola_shop::openapi(self.face.face()).to_pretty_json().context("write the document")?;
        console.print(&document);
        Ok(Exit::Done)
    }
}
