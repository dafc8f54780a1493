//! `explain`: heatmaps, overlays and a report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::{Model, Request, Scores};
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::files::{self, Output};
use crate::question::Question;
use crate::subject::{Prepared, Subject, progress, watch};

/// A picture explained.
#[derive(clap::Args)]
pub struct Explain {
    #[command(flatten)]
    subject: Subject,

    #[command(flatten)]
    question: Question,

    /// Where the results go.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Also write the raw maps and the class scores as NPY files.
    #[arg(long)]
    save_raw: bool,

    /// How the heatmap is laid over the picture: blend, mask-weighted, seed or heatmap; or the raw values: z-score, min-max.
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
        let Prepared { model, input, stem, view, .. } = self.subject.prepare(&progress).await?;
        let prepared = started.elapsed();
        let network = model.architecture().name;
        let request = self.question.request()?;
        progress.set_message("explaining");
        let explanation = model.explain_watched(&input, &request, &watch(&progress)).await?;

        progress.set_message("drawing");
        let drawing = Instant::now();
        let mut output = Output::new(self.output_dir);
        let mut maps = Vec::new();
        for heatmap in &explanation.heatmaps {
            let [c, h, w] = heatmap.map.dims();
            let class = match explanation.classes.as_slice() {
                [_] => String::new(),
                _ => format!("-{}", heatmap.class),
            };
            let name = format!("{stem}-{network}-{}{class}", heatmap.method.name);
            let alone = heatmap.fit_style(Style::heatmap(style.colormap));
            for (kind, style) in [("heatmap", alone), ("overlay", style)] {
                output.add(format!("{name}-{kind}.png"), heatmap.draw(&view, &style).await?.to_png());
            }
            if self.save_raw {
                let shape = if c == 1 { vec![h, w] } else { vec![c, h, w] };
                output.add(format!("{name}-raw.npy"), files::npy(&heatmap.values().await?, &shape));
            }
            let mut notes = Vec::new();
            if let Some(budget) = heatmap.budget {
                notes.push(format!(
                    "{} of {} channels were tried, which hold {:.0} % of the activation",
                    budget.used,
                    budget.of,
                    100.0 * budget.share
                ));
            }
            if heatmap.is_flat() {
                let layers = explanation.layers.join(" and ");
                notes.push(format!("nothing in {layers} speaks for class {}", heatmap.class));
            }
            for note in &notes {
                progress.suspend(|| eprintln!("note: {}: {note}", heatmap.method.name));
            }
            let (least, most) = heatmap.range;
            maps.push(json!({
                "method": heatmap.method.name, "class": heatmap.class, "channels": c, "height": h, "width": w, "least": least, "most": most,
                "flat": heatmap.is_flat(), "notes": notes,
            }));
        }
        let logits = &explanation.scores.logits;
        if self.save_raw {
            output.add("logits.npy".into(), files::npy(logits, &[1, logits.len()]));
        }
        let named_class = |&class: &usize| named(&model, &explanation.scores, class);
        let classes: Vec<Value> = explanation.classes.iter().map(named_class).collect();
        let mut seconds = Map::new();
        seconds.insert("prepare".into(), json!(prepared.as_secs_f64()));
        seconds.extend(explanation.times.iter().map(|&(phase, time)| (phase.into(), json!(time))));
        seconds.insert("draw".into(), json!(drawing.elapsed().as_secs_f64()));
        seconds.insert("total".into(), json!(started.elapsed().as_secs_f64()));
        let result = json!({
            "network": network,
            "layers": explanation.layers,
            "problem": model.problem().name(),
            "class": classes[0],
            "classes": classes,
            "target": explanation.target.to_string(),
            "preset": request.preset,
            "settings": request.settings.iter().collect::<BTreeMap<_, _>>(),
            "smooth": request.smooth,
            "preprocess": self.subject.preprocess_name(),
            "top": top(&model, &explanation.scores, 5),
            "maps": maps,
            "files": output.names(),
            "seconds": seconds,
            "device": model.device().name(),
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

/// A class with its name and its scores.
pub fn named(model: &Model, scores: &Scores, class: usize) -> Value {
    json!({
        "id": class, "name": model.label(class), "logit": scores.logits[class],
        "probability": scores.probabilities[class],
    })
}
