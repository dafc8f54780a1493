//! `models`: published models listed and fetched, weight files made into folders, folders checked.

mod arrival;
mod checksum;
mod convert;
mod download;
mod fetch;
mod folder;
mod list;
mod origin;
mod proof;
mod record;
mod tensors;
mod test_picture;
mod verify;
mod web;
mod zoo;

use crate::Failure;

#[derive(clap::Subcommand)]
pub enum Models {
    /// List the models that the page embeds, and published ones.
    List(list::List),
    /// Download a published model into a folder for --model-dir.
    Fetch(fetch::Fetch),
    /// Make a folder for --model-dir of a weight file, and check that its heatmaps are the same.
    Convert(convert::Convert),
    /// Check a model's folder.
    Verify(verify::Verify),
}

impl Models {
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(),
            Self::Fetch(fetch) => fetch.run().await,
            Self::Convert(convert) => convert.run().await,
            Self::Verify(verify) => verify.run().await,
        }
    }
}
