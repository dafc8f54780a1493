//! A downloaded weight file: checked, then installed in a model's folder.

use std::collections::HashMap;
use std::path::Path;

use cam_lucida::weights::{Card, Precision, Weights, write_safetensors};
use cam_lucida::{Device, ModelFile};
use indicatif::HumanBytes;

use super::checksum::{in_name, sha256};
use super::download::Download;
use super::folder::{self, CONFIG, PREPROCESSOR, Stated, WEIGHTS};
use super::origin::{Origin, file_name};
use super::record::Record;
use super::tensors;
use super::web::Expected;
use crate::Failure;
use crate::files::{self, at};
use crate::lock::FolderLock;
use crate::terminal;

/// A weight file whose download is complete.
pub struct Downloaded<'a> {
    pub origin: &'a Origin,
    pub download: Download<'a>,
    pub expected: Expected,
}

/// What is known about a model beside its weights.
pub struct Metadata {
    /// The text of its `config.json`, if it comes with one.
    pub config: Option<String>,
    /// The text of its `preprocessor_config.json`, likewise.
    pub preprocessor: Option<String>,
    pub card: Card,
}

impl Downloaded<'_> {
    /// Checks that the model loads, and puts all of it into `folder`. A file that is damaged or does not fit is removed.
    pub async fn install(self, metadata: Metadata, lock: &FolderLock, folder: &Path) -> Result<(), Failure> {
        let Self { origin, download, .. } = &self;
        let part = download.part();
        let bytes = files::read(part, Weights::MAX_FETCHED_BYTES)?;
        self.check_sum(&bytes).inspect_err(|_| download.discard())?;
        let is_safetensors = tensors::is_safetensors(&bytes);
        let Metadata { config, preprocessor, card } = metadata;
        let from = download.url().as_str();
        let file = ModelFile::read(&Device::cpu(), card, bytes).inspect_err(|_| download.discard());
        let file = file.map_err(at(Path::new(from)))?;
        let (stated, takes_pictures) = (Stated::of(&file), file.check_pictures().is_ok());
        let model = file.load().await.inspect_err(|_| download.discard()).map_err(at(Path::new(from)))?;
        let architecture = model.architecture();
        let config = match config {
            Some(text) if is_safetensors => folder::with_notes(text, &stated),
            // Names of other libraries and modules are not in the file that is written.
            Some(text) => folder::with_notes(folder::with_told(text, &stated)?, &stated),
            None => folder::config(&model, &stated),
        }?;
        let summary = format!("{}, {} classes", architecture.title, model.classes());
        drop(model);

        let bytes = files::read(part, Weights::MAX_FETCHED_BYTES)?;
        let weights = if is_safetensors {
            bytes
        } else {
            let about = [("format", "pt".into()), ("source", origin.source.to_string())];
            let about = HashMap::from(about.map(|(key, value)| (key.to_string(), value)));
            write_safetensors(
                tensors::read(Weights::read(bytes)?, architecture, stated.head)?,
                Precision::F32,
                Some(about),
            )?
        };
        let size = HumanBytes(weights.len() as u64);
        let mut files = vec![(CONFIG, config.into_bytes())];
        files.extend(preprocessor.map(|text| (PREPROCESSOR, text.into_bytes())));
        files.push((WEIGHTS, weights));
        let mut record = Record::new(&origin.source);
        files.iter().for_each(|(name, bytes)| record.add(name, bytes));
        files.push((Record::FILE, serde_json::to_vec_pretty(&record)?));
        let shown = folder.display().to_string();
        folder::write(lock, folder, files)?;
        download.discard();
        terminal::say(format!("{summary}, {size}, from {}", origin.source))?;
        if let Some(known) = &origin.known {
            terminal::say(format!("licence: {}", known.summary.license))?;
        }
        terminal::say(folder::call(&shown, takes_pictures))
    }

    /// Checks every SHA-256 that is known of the file: from the zoo, from its name, from its server.
    fn check_sum(&self, bytes: &[u8]) -> Result<(), Failure> {
        let (url, known) = (self.download.url(), &self.origin.known);
        let published: Vec<&str> = known.iter().flat_map(|known| known.checksums()).collect();
        let name = file_name(url).filter(|_| known.is_none());
        let named = name.as_deref().and_then(in_name);
        let found = sha256(bytes);
        let mut all = published.into_iter().chain(named).chain(self.expected.sha256.as_deref());
        let Some(wanted) = all.find(|sum| !found.starts_with(*sum)) else { return Ok(()) };
        let what = match Weights::read(bytes.to_vec()) {
            Ok(_) => "it is damaged, or another file".to_string(),
            Err(error) => error.to_string(),
        };
        let sums = format!("Its SHA-256 is {found}, it must start with {wanted}");
        Err(format!("{url} has the wrong checksum: {what}. {sums}").into())
    }
}
