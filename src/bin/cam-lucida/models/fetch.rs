//! `models fetch`: a published model becomes a folder.

use std::path::{Path, PathBuf};

use cam_lucida::network::Architecture;
use cam_lucida::weights::Card;

use super::arrival::{Arrival, Said};
use super::download::{Download, text_file};
use super::folder::{self, CONFIG, PREPROCESSOR, WEIGHT_FILES, WEIGHTS};
use super::origin::{Origin, closest, file_name};
use super::record::{self, Record};
use super::web::Web;
use super::zoo::{Source, Zoo};
use crate::Failure;

#[derive(clap::Args)]
pub struct Fetch {
    /// A name of `cam-lucida models list`, a repository of the hub, OWNER/REPOSITORY[@REVISION], or the http(s) address of
    /// a weight file.
    name: String,

    /// Where the model goes [default: a folder of its name].
    #[arg(long, short, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,

    /// The network of a weight file; unless it is given, the tensors tell it.
    #[arg(long, short)]
    network: Option<String>,

    /// Fetch what is there already, and write over what else is there.
    #[arg(long)]
    force: bool,

    /// Where repositories are [default: CAM_LUCIDA_HUB, or https://huggingface.co]. HF_TOKEN opens those that are not
    /// for everyone.
    #[arg(long, value_name = "URL")]
    hub: Option<String>,

    /// Where torchvision's files are [default: CAM_LUCIDA_MIRROR, or https://download.pytorch.org/models].
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
}

const HUB: &str = "https://huggingface.co";
const TORCHVISION: &str = "https://download.pytorch.org/models";

impl Fetch {
    pub async fn run(self) -> Result<(), Failure> {
        let network = self.network.as_deref().map(Architecture::named).transpose()?;
        let origin = Origin::of(&self.name, Zoo::read()?)?;
        if network.is_some() && matches!(origin.source, Source::Hub { .. }) {
            return Err("--network is for the address of a weight file; a repository says its own".into());
        }
        let folder = match &self.output_dir {
            Some(folder) => folder.clone(),
            None => origin.folder()?.into(),
        };
        if !self.force && is_there(&folder, &origin.source)? {
            let shown = folder.display();
            println!("{shown} is as it was fetched from {}; --force fetches it anew", origin.source);
            return Ok(());
        }
        match &origin.source {
            Source::Hub { repository, revision } => {
                self.fetch_repository(&origin, repository, revision, folder).await
            }
            Source::File { url } => self.fetch_file(&origin, network, url, folder).await,
        }
    }

    async fn fetch_repository(
        &self,
        origin: &Origin,
        repository: &str,
        revision: &str,
        folder: PathBuf,
    ) -> Result<(), Failure> {
        let hub = server(&self.hub, "CAM_LUCIDA_HUB", HUB);
        let token = std::env::var("HF_TOKEN").ok().map(|token| token.trim().to_string());
        let web = match token.filter(|token| !token.is_empty()) {
            Some(token) => Web::new().with_token(&hub, token),
            None => Web::new(),
        };
        let address = |file: &str| format!("{hub}/{repository}/resolve/{revision}/{file}");
        let Some(config) = text_file(&web, &address(CONFIG))? else {
            let model = repository.rsplit('/').next().unwrap_or(repository);
            let hint = closest(model, &Zoo::read()?);
            let url = address(CONFIG);
            return Err(
                format!("{url} is not there (HTTP 404), so this is no model that is read. {hint}").into()
            );
        };
        let labels = origin.known.as_ref().map(|known| known.labels()).transpose()?.flatten();
        let config = folder::with_labels(config, labels.as_deref())?;
        let preprocessor = text_file(&web, &address(PREPROCESSOR))?;
        let card =
            Card::read(&config, preprocessor.as_deref()).map_err(|error| format!("{repository}: {error}"))?;
        for file in WEIGHT_FILES {
            let url = address(file);
            let download = Download::new(&web, &url, &folder.join(file));
            if let Some(promised) = download.run()? {
                let said = Said { config: Some(config), preprocessor, card };
                return Arrival { origin, download, promised }.settle(said, folder).await;
            }
        }
        Err(format!("{repository} has no weights that are read: {}", WEIGHT_FILES.join(" or ")).into())
    }

    async fn fetch_file(
        &self,
        origin: &Origin,
        network: Option<&'static Architecture>,
        url: &str,
        folder: PathBuf,
    ) -> Result<(), Failure> {
        let url = match url.strip_prefix(TORCHVISION) {
            Some(rest) => server(&self.mirror, "CAM_LUCIDA_MIRROR", TORCHVISION) + rest,
            None => url.into(),
        };
        let mut card = Card { architecture: network, ..Card::default() };
        if let Some(known) = &origin.known {
            card = Card {
                architecture: Some(network.map_or_else(|| Architecture::named(&known.about.network), Ok)?),
                labels: known.labels()?,
                classes: Some(known.about.classes),
                preprocessor: known.preprocessor(),
                ..card
            };
        }
        let preprocessor = card.preprocessor.as_ref().map(folder::preprocessor).transpose()?;
        let web = Web::new();
        let download = Download::new(&web, &url, &folder.join(file_name(&url).unwrap_or(WEIGHTS)));
        let promised = download.run()?.ok_or_else(|| format!("{url} is not there (HTTP 404)"))?;
        let said = Said { config: None, preprocessor, card };
        Arrival { origin, download, promised }.settle(said, folder).await
    }
}

/// Whether all of it is in `folder`, and sound. What else is there is not written over.
fn is_there(folder: &Path, source: &Source) -> Result<bool, Failure> {
    match Record::read(folder)? {
        Some(record) if record.source == source.to_string() => {
            let sound = record::check(folder, &record.files);
            if let Err(found) = &sound {
                eprintln!("note: {found}; it is fetched again");
            }
            Ok(sound.is_ok())
        }
        _ => folder::check_vacant(folder).map(|()| false),
    }
}

fn server(chosen: &Option<String>, variable: &str, usual: &str) -> String {
    let url = chosen.clone().or_else(|| std::env::var(variable).ok());
    url.as_deref().unwrap_or(usual).trim_end_matches('/').into()
}
