//! A weight file that has arrived: whether it is what it should be, and its place in a model's folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cam_lucida::weights::{Card, Precision, Weights, write_safetensors};
use cam_lucida::{Device, Model};
use indicatif::HumanBytes;

use super::checksum::{in_name, sha256};
use super::download::Download;
use super::folder::{self, CONFIG, Config, PREPROCESSOR, WEIGHTS};
use super::origin::Origin;
use super::record::Record;
use super::tensors;
use super::web::Promised;
use crate::Failure;
use crate::files::{self, at};

pub struct Arrival<'a> {
    pub origin: &'a Origin,
    pub download: Download<'a>,
    pub promised: Promised,
}

/// What is said of a model beside its weights.
pub struct Said {
    /// The text of its `config.json`, where it comes with one.
    pub config: Option<String>,
    pub preprocessor: Option<String>,
    pub card: Card,
}

impl Arrival<'_> {
    /// Checks that the model can be loaded, and puts all of it into `folder`. What is no such model is removed.
    pub async fn settle(self, said: Said, folder: PathBuf) -> Result<(), Failure> {
        let Self { origin, download, .. } = &self;
        let (url, part) = (download.url(), download.part());
        let bytes = files::read(part)?;
        self.check_sum(&bytes).inspect_err(|_| download.discard())?;
        let is_safetensors = tensors::are_safetensors(&bytes);
        let Said { config, preprocessor, card } = said;
        let model = Model::load(&Device::cpu(), card, bytes).await.inspect_err(|_| download.discard());
        let model = model.map_err(at(Path::new(url)))?;
        let architecture = model.architecture();
        let config = config.map_or_else(|| Config::of(&model).text(), Ok)?;
        let summary = format!("{}, {} classes", architecture.title, model.classes());
        drop(model);

        let bytes = files::read(part)?;
        let weights = if is_safetensors {
            bytes
        } else {
            let about = [("format", "pt".into()), ("source", origin.source.to_string())];
            let about = HashMap::from(about.map(|(key, value)| (key.to_string(), value)));
            write_safetensors(tensors::of_file(bytes, architecture)?, Precision::F32, Some(about))?
        };
        let size = HumanBytes(weights.len() as u64);
        let mut files = vec![(CONFIG, config.into_bytes())];
        files.extend(preprocessor.map(|text| (PREPROCESSOR, text.into_bytes())));
        files.push((WEIGHTS, weights));
        let mut record = Record::new(&origin.source);
        files.iter().for_each(|(name, bytes)| record.add(name, bytes));
        files.push((Record::FILE, serde_json::to_vec_pretty(&record)?));
        let shown = folder.display().to_string();
        folder::write(folder, files)?;
        download.discard();
        println!("{summary}, {size}, from {}", origin.source);
        if let Some(known) = &origin.known {
            println!("licence: {}", known.about.license);
        }
        println!("cam-lucida explain --model-dir {shown} --image-path PICTURE");
        Ok(())
    }

    /// Checks all that is known of the file's SHA-256.
    fn check_sum(&self, bytes: &[u8]) -> Result<(), Failure> {
        let (url, known) = (self.download.url(), &self.origin.known);
        let published = known.iter().flat_map(|known| known.checksums());
        let named = in_name(url).filter(|_| known.is_none());
        let found = sha256(bytes);
        let mut all = published.chain(named).chain(self.promised.sha256.as_deref());
        let Some(wanted) = all.find(|sum| !found.starts_with(*sum)) else { return Ok(()) };
        let what = match Weights::read(bytes.to_vec()) {
            Ok(_) => "it is damaged, or another file".to_string(),
            Err(error) => error.to_string(),
        };
        let sums = format!("Its SHA-256 is {found}, it must start with {wanted}");
        Err(format!("{url} has the wrong checksum: {what}. {sums}").into())
    }
}
