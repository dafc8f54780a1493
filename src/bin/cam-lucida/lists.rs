//! `layers`, `networks` and `methods`: what there is, one a line, columns aligned.

use std::io::Write;
use std::path::PathBuf;

use burn::tensor::Tensor;
use cam_lucida::Device;
use cam_lucida::cam::METHODS;
use cam_lucida::network::{Architecture, NETWORKS, OTHERS, Tap};
use cam_lucida::weights::{Hashed, Weights};

use crate::Failure;
use crate::files::{self, at};

#[derive(clap::Args)]
pub struct Layers {
    /// The network, see `cam-lucida networks`.
    #[arg(long, short, required_unless_present = "weight_path")]
    network: Option<String>,

    /// A file of its weights, which a network of another size than those listed needs.
    #[arg(long, short, value_name = "FILE")]
    weight_path: Option<PathBuf>,
}

impl Layers {
    /// Of a network of known size shapes do not depend on the weights, so none are asked for.
    pub fn run(self) -> Result<(), Failure> {
        let named = self.network.as_deref().map(Architecture::named).transpose()?;
        let device = Device::cpu();
        let (architecture, network) = match (&self.weight_path, named) {
            (Some(path), named) => {
                let mut weights = Weights::read(files::read(path)?).map_err(at(path))?;
                let architecture = match named {
                    Some(architecture) => architecture,
                    None => weights.recognise().map_err(at(path))?,
                };
                weights.fit(architecture).map_err(at(path))?;
                (architecture, architecture.load(&mut weights, device.tensors()).map_err(at(path))?)
            }
            (None, Some(architecture)) => {
                architecture.check_sizes_known()?;
                (architecture, architecture.load(&mut Hashed { classes: 1 }, device.tensors())?)
            }
            (None, None) => unreachable!("one of both is required"),
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

pub fn networks() -> Result<(), Failure> {
    let row = |n: &Architecture| [n.name, n.title, n.paper, n.default_layer].map(String::from);
    print(NETWORKS.iter().chain(OTHERS).map(row).collect())
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

/// Prints a row a line, the columns aligned. A reader that closes the pipe early, as `head` does, is no failure.
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
