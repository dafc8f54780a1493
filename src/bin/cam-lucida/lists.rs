//! `layers`, `networks` and `methods`: tables with one line each.

use std::io::Write;
use std::path::PathBuf;

use burn::tensor::Tensor;
use cam_lucida::Device;
use cam_lucida::cam::METHODS;
use cam_lucida::network::{Architecture, NETWORKS, Network, OTHERS, Tap, language};
use cam_lucida::weights::{Hashed, Weights};

use crate::Failure;
use crate::embedded;
use crate::files::{self, at};

#[derive(clap::Args)]
pub struct Layers {
    /// The network, see `cam-lucida networks` [default: the embedded one].
    #[arg(long, short)]
    network: Option<String>,

    /// A file of its weights, for a network of another size than the listed ones.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,
}

impl Layers {
    /// Weights are only read to find out the size of a network: shapes do not depend on their values.
    pub fn run(self) -> Result<(), Failure> {
        let device = Device::cpu();
        let named = self.network.as_deref().map(Architecture::named).transpose()?;
        let (architecture, network) = match (&self.weight_path, named) {
            (Some(path), named) => load(files::read(path)?, named, &device).map_err(at(path))?,
            (None, Some(architecture)) => {
                architecture
                    .check_sizes_known()
                    .map_err(|error| format!("{error}: pass one by --weight-path FILE"))?;
                (architecture, architecture.load(&mut Hashed { classes: 1 }, device.tensors())?)
            }
            (None, None) => {
                let (architecture, network) = load(embedded::weight_file(), None, &device)?;
                let title = embedded::TITLE;
                eprintln!("note: no network given, so these are the layers of the embedded {title}");
                (architecture, network)
            }
        };
        let side = architecture.size as usize;
        let mut tap = Tap::at_layers(&[]);
        network.forward(Tensor::zeros([1, 3, side, side], device.tensors()), &mut tap);
        let rows = tap.layers().iter().map(|layer| {
            let [k, h, w] = layer.shape;
            let default = if layer.name == architecture.default_layer { "default" } else { "" };
            [layer.name.clone(), format!("{k} × {h} × {w}"), default.into()]
        });
        print(rows.collect())
    }
}

/// The network of a weight file: the one `named`, or the one that its tensors fit.
fn load(
    file: Vec<u8>,
    named: Option<&'static Architecture>,
    device: &Device,
) -> cam_lucida::Result<(&'static Architecture, Box<dyn Network>)> {
    let mut weights = Weights::read(file)?;
    let architecture = named.map_or_else(|| weights.recognise(), Ok)?;
    weights.fit(architecture)?;
    Ok((architecture, architecture.load(&mut weights, device.tensors())?))
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

/// Prints one row per line, with aligned columns. A reader may close the pipe early, as `head` does.
pub fn print<const COLUMNS: usize>(rows: Vec<[String; COLUMNS]>) -> Result<(), Failure> {
    let widths: [usize; COLUMNS] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut out = std::io::stdout().lock();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        match writeln!(out, "{}", line.trim_end()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}
