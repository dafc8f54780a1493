//! `layers`, `networks` and `methods`: tables with one line each.

use std::path::PathBuf;

use cam_lucida::cam::METHODS;
use cam_lucida::network::{Architecture, NETWORKS, OTHERS, Task, language};
use cam_lucida::picture::Preprocessor;
use cam_lucida::weights::{Card, Hashed, Weights};
use cam_lucida::{Device, Model, ModelFile, Problem, printable};

use crate::Failure;
use crate::embedded;
use crate::files::{self, at};
use crate::terminal;

/// Classes of a network without weights: ImageNet's.
const CLASSES: usize = 1000;

/// The arguments that name a network whose weights need not be known.
#[derive(clap::Args)]
pub struct NetworkArguments {
    /// The network, see `cam-lucida networks` [default: the embedded one].
    #[arg(long, short)]
    network: Option<String>,

    /// A file of its weights, for a network of another size than the listed ones.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,
}

impl NetworkArguments {
    /// The network on the CPU. Weights only tell its size: neither shapes nor times depend on their values. `what` says what is
    /// told of the embedded one, where no network is named.
    pub async fn model(&self, what: &str) -> Result<Model, Failure> {
        let device = Device::cpu();
        let named = self.network.as_deref().map(Architecture::named).transpose()?;
        Ok(match (&self.weight_path, named) {
            (Some(path), named) => {
                let weights = files::read_weights(path)?;
                let architecture = named.map_or_else(|| weights.recognise(), Ok).map_err(at(path))?;
                check_task(architecture)?;
                let model = load(weights, architecture, &device).await.map_err(at(path))?;
                model.notes().iter().for_each(|note| terminal::tell(format!("note: {note}")));
                model
            }
            (None, Some(architecture)) => {
                check_task(architecture)?;
                architecture
                    .check_sizes_known()
                    .map_err(|error| format!("{error}: pass one by --weight-path FILE"))?;
                Model::from_parameters(&device, Card::new(architecture), &mut Hashed { classes: CLASSES })
                    .await?
            }
            (None, None) => {
                let model = Model::load(&device, embedded::card()?, embedded::weight_file()).await?;
                let title = embedded::TITLE;
                terminal::tell(format!("note: no network given, so {what} of the embedded {title}"));
                model
            }
        })
    }
}

#[derive(clap::Args)]
pub struct Layers {
    #[command(flatten)]
    network: NetworkArguments,
}

impl Layers {
    pub async fn run(self) -> Result<(), Failure> {
        let model = self.network.model("these are the layers").await?;
        let rows = model.layers().iter().map(|layer| {
            let [k, h, w] = layer.shape;
            let default = if layer.name == model.default_layer() { "default" } else { "" };
            [layer.name.clone(), format!("{k} × {h} × {w}"), default.into()]
        });
        print(rows.collect())
    }
}

/// Checks that the network needs a picture alone.
fn check_task(architecture: &Architecture) -> Result<(), Failure> {
    let Architecture { title, name, .. } = architecture;
    let command = match architecture.task() {
        Task::Classification => return Ok(()),
        Task::QuestionAnswering => "ask",
        Task::Captioning => "caption",
    };
    Err(format!(
        "{title} ({name}) needs words beside a picture (`cam-lucida {command}`), so there is no one pass of it: name a network that \
         scores classes; `cam-lucida networks` lists them"
    )
    .into())
}

/// The network of a weight file. Its input is the usual one, or the smallest that it takes. Colours and outputs do not matter here.
async fn load(
    weights: Weights,
    architecture: &'static Architecture,
    device: &Device,
) -> cam_lucida::Result<Model> {
    let min = weights.fit(architecture)?.min_side;
    let side = (architecture.size as usize).max(min.min(*Preprocessor::SIDES.end()));
    let card = Card {
        architecture: Some(architecture),
        preprocessor: Some(Preprocessor::imagenet(side as u32)),
        problem: Some(Problem::SingleLabel),
        ..Card::default()
    };
    ModelFile::new(device, card, weights)?.load().await
}

pub fn networks() -> Result<(), Failure> {
    let also = |n: &Architecture| match n.aliases().collect::<Vec<_>>().join(", ") {
        names if names.is_empty() => names,
        names => format!("also {names}"),
    };
    let row =
        |n: &Architecture| [n.name.into(), n.title.into(), n.paper.into(), n.default_layer.into(), also(n)];
    print(NETWORKS.iter().chain(OTHERS).chain(language::NETWORKS).map(row).collect())
}

pub fn methods() -> Result<(), Failure> {
    let mut rows = Vec::new();
    for method in METHODS {
        let presets: Vec<&str> = method.presets.iter().map(|preset| preset.name).collect();
        let presets = match &presets[..] {
            [] => String::new(),
            presets => format!(" (presets: {})", presets.join(", ")),
        };
        let summary = format!("{}{presets}", method.summary);
        rows.push([method.name.into(), method.source.into(), summary]);
        for setting in method.settings {
            let default = match setting.default {
                f64::INFINITY => String::new(),
                default => format!(" [{default}]"),
            };
            let summary = format!("  {}: {}{default}", setting.name, setting.summary);
            rows.push([String::new(), String::new(), summary]);
        }
    }
    print(rows)
}

/// Prints one row per line, with aligned columns.
pub fn print<const COLUMNS: usize>(rows: Vec<[String; COLUMNS]>) -> Result<(), Failure> {
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(printable)).collect();
    let widths: [usize; COLUMNS] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
    };
    terminal::say(rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}
