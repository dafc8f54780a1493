//! `explain`: heatmaps, overlays and a report.

use std::path::PathBuf;
use std::time::Instant;

use cam_lucida::cam::Target;
use cam_lucida::render::{Colormap, Formula, Style, overlay};
use cam_lucida::{Model, Request, Scores};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::files::{self, Output};
use crate::subject::{Prepared, Subject, progress};

/// A picture explained.
#[derive(clap::Args)]
pub struct Explain {
    #[command(flatten)]
    subject: Subject,

    /// The layer to explain, see `cam-lucida layers` [default: the network's own].
    #[arg(long, short, value_name = "NAME")]
    layer_name: Option<String>,

    /// The class to explain [default: the predicted].
    #[arg(long, short, value_name = "ID")]
    class_id: Option<usize>,

    /// One or several methods, see `cam-lucida methods`.
    #[arg(long, short, value_delimiter = ',', default_value = "grad-cam", value_name = "METHOD[,METHOD]")]
    method: Vec<String>,

    /// What is explained: logit, probability, contrast:ID or counterfactual.
    #[arg(long, default_value = "logit")]
    target: Target,

    /// A variant of a method that follows another implementation.
    #[arg(long)]
    preset: Option<String>,

    /// Where the results go.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Also write the raw maps and the class scores as NPY files.
    #[arg(long)]
    save_raw: bool,

    /// How the heatmap is laid over the picture: blend, mask-weighted or seed.
    #[arg(long, default_value = "blend")]
    overlay: Formula,

    /// turbo, jet, viridis, inferno, magma, plasma, cividis or grey.
    #[arg(long, default_value = "turbo")]
    colormap: Colormap,

    /// Weight of the heatmap, 0 to 1.
    #[arg(long, default_value_t = Style::default().opacity)]
    opacity: f32,

    /// Show the plain picture where the map is below this, 0 to 1.
    #[arg(long, default_value_t = Style::default().threshold)]
    threshold: f32,
}

impl Explain {
    pub async fn run(self) -> Result<(), Failure> {
        let style = Style {
            formula: self.overlay,
            colormap: self.colormap,
            opacity: self.opacity,
            threshold: self.threshold,
        };
        style.check()?;
        let started = Instant::now();
        let progress = progress();
        let Prepared { session, input, stem, view } = self.subject.prepare(&progress).await?;
        let prepared = started.elapsed();
        let model = session.model()?;
        let network = model.architecture().name;
        let request = Request {
            layer: self.layer_name,
            class: self.class_id,
            methods: self.method,
            target: self.target,
            preset: self.preset,
        };
        progress.set_message("explaining");
        let explanation = session.explain(&input, &request).await?;

        progress.set_message("drawing");
        let drawing = Instant::now();
        let mut output = Output::new(self.output_dir);
        let mut maps = Vec::new();
        for heatmap in &explanation.heatmaps {
            let [h, w] = heatmap.map.dims();
            let values = heatmap.values().await?;
            let name = format!("{stem}-{network}-{}", heatmap.method);
            let draw = |style: Style| overlay(&view, &values, (h, w), &style).to_png();
            output.add(format!("{name}-heatmap.png"), draw(Style::heatmap(style.colormap)));
            output.add(format!("{name}-overlay.png"), draw(style));
            if self.save_raw {
                output.add(format!("{name}-raw.npy"), files::npy(&values, &[h, w]));
            }
            if heatmap.is_flat() {
                progress.suspend(|| {
                    eprintln!(
                        "note: {}: nothing in {} speaks for class {}",
                        heatmap.method, explanation.layer, explanation.class
                    );
                });
            }
            let (least, most) = heatmap.range;
            maps.push(json!({
                "method": heatmap.method, "height": h, "width": w, "least": least, "most": most,
                "flat": heatmap.is_flat(),
            }));
        }
        let logits = &explanation.scores.logits;
        if self.save_raw {
            output.add("logits.npy".into(), files::npy(logits, &[1, logits.len()]));
        }
        let mut seconds = Map::new();
        seconds.insert("prepare".into(), json!(prepared.as_secs_f64()));
        seconds.extend(explanation.times.iter().map(|&(phase, time)| (phase.into(), json!(time))));
        seconds.insert("draw".into(), json!(drawing.elapsed().as_secs_f64()));
        seconds.insert("total".into(), json!(started.elapsed().as_secs_f64()));
        let result = json!({
            "network": network,
            "layer": explanation.layer,
            "class": named(model, &explanation.scores, explanation.class),
            "target": explanation.target.to_string(),
            "preset": request.preset,
            "preprocess": self.subject.preprocess_name(),
            "top": top(model, &explanation.scores, 5),
            "maps": maps,
            "files": output.names(),
            "seconds": seconds,
            "device": session.device().name(),
            "versions": { "cam-lucida": env!("CARGO_PKG_VERSION"), "burn": cam_lucida::BURN_VERSION },
        });
        output.add("result.json".into(), serde_json::to_vec_pretty(&result)?);
        let written = output.write()?;
        progress.finish_and_clear();
        for path in written {
            println!("{}", path.display());
        }
        Ok(())
    }
}

fn top(model: &Model, scores: &Scores, count: usize) -> Vec<Value> {
    let classes = scores.top(count);
    classes.into_iter().map(|class| named(model, scores, class)).collect()
}

fn named(model: &Model, scores: &Scores, class: usize) -> Value {
    json!({
        "id": class, "name": model.label(class), "logit": scores.logits[class],
        "probability": scores.probabilities[class],
    })
}
