//! `profile`: how long each layer takes, beside what it computes.

use cam_lucida::LayerProfile;

use crate::Failure;
use crate::lists::{self, NetworkArguments};
use crate::progress::{progress, watch};
use crate::terminal;

#[derive(clap::Args)]
pub struct Profile {
    #[command(flatten)]
    network: NetworkArguments,

    /// How often each layer runs; the median counts.
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    runs: u16,
}

impl Profile {
    pub async fn run(self) -> Result<(), Failure> {
        let model = self.network.model("this is the profile").await?;
        let bar = progress();
        let profile = model.profile(self.runs.into(), &watch(&bar)).await?;
        bar.finish_and_clear();
        let header = ["layer", "output", "MFLOP", "MB", "forward ms", "GFLOP/s", "backward ms", "GFLOP/s"]
            .map(String::from);
        let total = |of: fn(&LayerProfile) -> usize| profile.layers.iter().map(of).sum();
        let whole = LayerProfile {
            name: "the whole pass".into(),
            output: [model.classes(), 1, 1],
            flops: total(|layer| layer.flops),
            bytes: total(|layer| layer.bytes),
            forward: profile.forward,
            backward: profile.backward,
        };
        let rows = profile.layers.iter().chain([&whole]).map(row);
        lists::print([header].into_iter().chain(rows).collect())?;
        terminal::say(format!(
            "\nThe peak of this machine, measured by the program's own product of matrices: {:.0} GFLOP/s",
            profile.peak / 1e9
        ))
    }
}

/// What was found of a layer. Only products of convolutions and linear layers count as operations.
fn row(layer: &LayerProfile) -> [String; 8] {
    let [k, h, w] = layer.output;
    let rate = |seconds: f64| match layer.flops {
        0 => String::new(),
        flops => format!("{:7.1}", flops as f64 / seconds / 1e9),
    };
    [
        layer.name.clone(),
        format!("{k} × {h} × {w}"),
        if layer.flops == 0 { String::new() } else { format!("{:7.1}", layer.flops as f64 / 1e6) },
        format!("{:6.1}", layer.bytes as f64 / 1e6),
        format!("{:10.3}", layer.forward * 1e3),
        rate(layer.forward),
        format!("{:11.3}", layer.backward * 1e3),
        rate(layer.backward),
    ]
}
