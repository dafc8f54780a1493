//! `models`: lists and fetches published models, converts weight files into model folders, checks folders.

mod checksum;
mod convert;
mod download;
mod fetch;
mod folder;
mod install;
mod list;
mod origin;
mod prediction;
mod record;
mod reference;
mod tensors;
mod test_picture;
mod verify;
mod web;
mod zoo;

use cam_lucida::network::Architecture;

use crate::Failure;

pub use checksum::{sha256, sha256_of};
#[cfg(test)]
pub use folder::check_vacant;
pub use folder::{CONFIG, PREPROCESSOR, WEIGHTS, weight_file};
pub use web::without_secrets;

#[derive(clap::Subcommand)]
pub enum Models {
    /// List the models that the page embeds, and published ones.
    List(list::List),
    /// Download a published model into a folder for --model-dir.
    Fetch(fetch::Fetch),
    /// Convert a weight file into a folder for --model-dir, and check that its heatmaps stay the same.
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

/// The name of a published model of this network, if there is one.
pub fn published(architecture: &Architecture) -> Result<Option<String>, Failure> {
    let mut published = zoo::Zoo::read()?.published.into_iter().map(|model| model.summary);
    Ok(published.find(|model| model.network == architecture.name).map(|model| model.name))
}
