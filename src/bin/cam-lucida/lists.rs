//! `layers`, `networks` and `methods`: what there is, one a line, columns aligned.

use std::io::Write;

use burn::tensor::Tensor;
use cam_lucida::Device;
use cam_lucida::cam::METHODS;
use cam_lucida::network::{Architecture, NETWORKS, Tap};
use cam_lucida::weights::Hashed;

use crate::Failure;

#[derive(clap::Args)]
pub struct Layers {
    /// The network, see `cam-lucida networks`.
    #[arg(long, short)]
    network: String,
}

impl Layers {
    /// Shapes do not depend on the weights, so none are asked for.
    pub fn run(self) -> Result<(), Failure> {
        let architecture = Architecture::named(&self.network)?;
        let device = Device::cpu();
        let network = architecture.load(&mut Hashed { classes: 1 }, device.tensors())?;
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
    print(NETWORKS.iter().map(row).collect())
}

pub fn methods() -> Result<(), Failure> {
    let mut rows = Vec::new();
    for method in METHODS {
        let presets = match method.presets {
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
