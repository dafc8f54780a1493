//! `models fetch`: downloads a published model into a folder.

use std::path::{Path, PathBuf};

use cam_lucida::network::Architecture;
use cam_lucida::picture::{Preprocess, Preprocessor};
use cam_lucida::weights::Card;
use url::Url;

use super::checksum::in_name;
use super::download::{Download, text_file};
use super::folder::{self, CONFIG, PREPROCESSOR, WEIGHT_FILES, WEIGHTS};
use super::install::{Downloaded, Metadata};
use super::origin::{Origin, closest, file_name};
use super::record::{self, Record};
use super::web::{self, Login, Web, address};
use super::zoo::{Source, Zoo};
use crate::Failure;
use crate::lock::FolderLock;
use crate::terminal;

#[derive(clap::Args)]
pub struct Fetch {
    /// A name that `cam-lucida models list` shows, a repository of the hub, OWNER/REPOSITORY[@REVISION], or the http(s)
    /// address of a weight file, or of its page on Hugging Face or GitHub.
    name: String,

    /// The model's folder [default: its name].
    #[arg(long, short, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,

    /// The network of a weight file [default: the one that its tensors fit].
    #[arg(long, short)]
    network: Option<String>,

    /// Fetch the model again if it is there, and overwrite other files.
    #[arg(long)]
    force: bool,

    /// The server of repositories [default: CAM_LUCIDA_HUB, or https://huggingface.co]. HF_TOKEN holds an access token
    /// for private ones.
    #[arg(long, value_name = "URL")]
    hub: Option<String>,

    /// The server of torchvision's files [default: CAM_LUCIDA_MIRROR, or https://download.pytorch.org/models].
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
}

const HUB: &str = "https://huggingface.co/";
const TORCHVISION: &str = "https://download.pytorch.org/models/";

impl Fetch {
    pub async fn run(self) -> Result<(), Failure> {
        let network = self.network.as_deref().map(Architecture::named).transpose()?;
        let origin = Origin::from_name(&self.name, Zoo::read()?)?;
        if network.is_some() && matches!(origin.source, Source::Hub { file: None, .. }) {
            return Err(
                "--network goes with the address of a weight file; a repository says its own network".into(),
            );
        }
        let folder = match &self.output_dir {
            Some(folder) => folder.clone(),
            None => origin.folder()?.into(),
        };
        if !self.force && is_there(&folder, &origin.source)? {
            let shown = folder.display();
            let there =
                format!("{shown} is as it was fetched from {}; --force fetches it again", origin.source);
            return terminal::say(there);
        }
        let lock = FolderLock::claim(&folder)?;
        let done = match &origin.source {
            Source::Hub { repository, revision, file } => {
                let named = file.as_deref().map(|file| (file, network));
                self.fetch_repository(&origin, repository, revision, named, &lock, &folder).await
            }
            Source::File { url } => self.fetch_file(&origin, network, url, &lock, &folder).await,
        };
        if done.is_err() {
            // Only a folder that is empty goes; the beginning of a download stays.
            let _ = std::fs::remove_dir(&folder);
        }
        done
    }

    /// `named` is one of its weight files, and the network that it is for, where somebody named these.
    async fn fetch_repository(
        &self,
        origin: &Origin,
        repository: &str,
        revision: &str,
        named: Option<(&str, Option<&'static Architecture>)>,
        lock: &FolderLock,
        folder: &Path,
    ) -> Result<(), Failure> {
        let (hub, login) = server("the hub", self.hub.as_deref(), "CAM_LUCIDA_HUB", HUB)?;
        let token = std::env::var("HF_TOKEN").ok().map(|token| token.trim().to_string());
        let web = match token.filter(|token| !token.is_empty()) {
            Some(token) => Web::new().with_token(&hub, token),
            None => Web::new(),
        }
        .with_login(login);
        let (beside, weights, network) = match named {
            Some((path, network)) => {
                let (beside, file) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
                (beside, vec![file], network)
            }
            None => ("", WEIGHT_FILES.to_vec(), None),
        };
        let branch = revision.replace('/', "%2F");
        let address = |file: &str| hub.join(&format!("{repository}/resolve/{branch}/{beside}{file}"));
        let url = address(CONFIG)?;
        let config = text_file(&web, &url)?;
        // A weight file that was named may stand by itself.
        if config.is_none() && named.is_none() {
            let model = repository.rsplit('/').next().unwrap_or(repository);
            let hint = closest(model, &Zoo::read()?);
            return Err(format!(
                "{url} is not there (HTTP 404); a model's repository has a {CONFIG}. {hint}"
            )
            .into());
        }
        let labels = origin.known.as_ref().map(|known| known.labels()).transpose()?.flatten();
        let config = config.map(|config| folder::with_labels(config, labels.as_deref())).transpose()?;
        let preprocessor = text_file(&web, &address(PREPROCESSOR)?)?;
        let card = Card::read_as(network, config.as_deref().unwrap_or("{}"), preprocessor.as_deref());
        let card = card.map_err(|error| format!("{repository}: {error}"))?;
        for file in &weights {
            let url = address(file)?;
            let download = Download::new(&web, &url, &folder.join(file), false);
            if let Some(expected) = download.run()? {
                let metadata = Metadata { config, preprocessor, card };
                return Downloaded { origin, download, expected }.install(metadata, lock, folder).await;
            }
        }
        if let Some((path, _)) = named {
            return Err(format!("{repository} has no file {path} at revision {revision} (HTTP 404)").into());
        }
        Err(format!("{repository} has no weight file, neither {}", WEIGHT_FILES.join(" nor ")).into())
    }

    async fn fetch_file(
        &self,
        origin: &Origin,
        network: Option<&'static Architecture>,
        url: &Url,
        lock: &FolderLock,
        folder: &Path,
    ) -> Result<(), Failure> {
        let (url, login) = match url.as_str().strip_prefix(TORCHVISION) {
            Some(rest) => {
                let mirror = server("the mirror", self.mirror.as_deref(), "CAM_LUCIDA_MIRROR", TORCHVISION)?;
                (mirror.0.join(rest)?, mirror.1)
            }
            None => (url.clone(), web::login(&self.name)),
        };
        let mut card = Card { architecture: network, ..Card::default() };
        if let Some(known) = &origin.known {
            let architecture = network.map_or_else(|| Architecture::named(&known.summary.network), Ok)?;
            card = Card {
                labels: known.labels()?,
                classes: Some(known.summary.classes),
                preprocessor: known
                    .preprocessor()
                    .or_else(|| Some(Preprocessor::imagenet(architecture.size))),
                // As torchvision's `ImageClassification` does.
                preprocess: Some(Preprocess::Crop),
                transform_input: Some(true),
                ..Card::new(architecture)
            };
        }
        let written = |stated| folder::preprocessor(stated, card.range, card.preprocess);
        let preprocessor = card.preprocessor.as_ref().map(written).transpose()?;
        let web = Web::new().with_login(login);
        let file = file_name(&url).unwrap_or_else(|| WEIGHTS.into());
        let is_known = origin
            .known
            .as_ref()
            .map_or_else(|| in_name(&file).is_some(), |known| known.checksums().next().is_some());
        let download = Download::new(&web, &url, &folder.join(file), is_known);
        let expected = download.run()?.ok_or_else(|| format!("{url} is not there (HTTP 404)"))?;
        let metadata = Metadata { config: None, preprocessor, card };
        Downloaded { origin, download, expected }.install(metadata, lock, folder).await
    }
}

/// Whether `folder` holds the whole model of `source`, undamaged. Other files in the folder are an error: they would be
/// overwritten.
fn is_there(folder: &Path, source: &Source) -> Result<bool, Failure> {
    match Record::read(folder)? {
        Some(record) if record.source == source.to_string() => {
            let sound =
                record::check_whole(&record.files).and_then(|()| record::check(folder, &record.files));
            if let Err(found) = &sound {
                terminal::tell(format!("note: {found}; the model is fetched again"));
            }
            Ok(sound.is_ok())
        }
        _ => folder::check_vacant(folder).map(|()| false),
    }
}

/// The address of a server's folder, with its name and password: the one `chosen`, or that of the environment's `variable`, or the default.
fn server(
    what: &str,
    chosen: Option<&str>,
    variable: &str,
    default: &str,
) -> Result<(Url, Option<Login>), Failure> {
    let from_environment = std::env::var(variable).ok();
    let text = chosen.or(from_environment.as_deref()).unwrap_or(default);
    // Without the slash, what is joined to it would take the last folder's place.
    Ok((address(what, &format!("{}/", text.trim_end_matches('/')))?, web::login(text)))
}
