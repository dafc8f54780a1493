//! `explain`: heatmaps, overlays and a report.

use std::path::PathBuf;
use std::time::Instant;

use cam_lucida::render::{Colormap, Formula, Style};
use cam_lucida::{Explanation, Heatmap, Model, Request, Scores};
use serde::Serialize;
use serde_json::{Map, Value};
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::files::{self, Output};
use crate::inputs::{InputArguments, Prepared, progress, watch};
use crate::report::{ClassRecord, RunRecord};
use crate::request::RequestArguments;

/// A picture explained.
#[derive(clap::Args)]
pub struct Explain {
    #[command(flatten)]
    inputs: InputArguments,

    #[command(flatten)]
    request: RequestArguments,

    /// The folder for the results.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    /// Also write the raw maps and the class scores as NPY files.
    #[arg(long)]
    save_raw: bool,

    #[command(flatten)]
    style: StyleArguments,
}

/// How a heatmap is drawn.
#[derive(clap::Args)]
struct StyleArguments {
    /// How the heatmap lies over the picture, or how the raw values are shown.
    #[arg(long, value_parser = Choice::<Formula>::new(Formula::VARIANTS), default_value_t = Style::default().formula)]
    overlay: Formula,

    /// The colours of the heatmap.
    #[arg(long, value_parser = Choice::<Colormap>::new(Colormap::VARIANTS), default_value_t = Style::default().colormap)]
    colormap: Colormap,

    /// Weight of the heatmap, 0 to 1.
    #[arg(long, default_value_t = Style::default().opacity)]
    opacity: f32,

    /// Show the plain picture where the map is below this, 0 to 1.
    #[arg(long, default_value_t = Style::default().threshold)]
    threshold: f32,
}

/// `result.json`.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    run: RunRecord,
    problem: &'static str,
    class: &'a ClassRecord,
    classes: &'a [ClassRecord],
    top: Vec<ClassRecord>,
    maps: Vec<MapRecord>,
    files: Vec<&'a str>,
    seconds: Map<String, Value>,
}

#[derive(Serialize)]
struct MapRecord {
    method: &'static str,
    class_id: usize,
    channels: usize,
    height: usize,
    width: usize,
    min: f32,
    max: f32,
    flat: bool,
    notes: Vec<String>,
}

impl Explain {
    pub async fn run(self) -> Result<(), Failure> {
        let style = self.style.style()?;
        let request = self.request.request()?;
        let progress = progress();
        let mut clock = Clock::start();
        let prepared = self.inputs.prepare(&progress).await?;
        clock.lap("prepare");
        progress.set_message("explaining");
        let explanation =
            prepared.model.explain_watched(&prepared.input, &request, &watch(&progress)).await?;
        clock.laps(&explanation.times);

        progress.set_message("drawing");
        let mut output = Output::new(self.output_dir);
        draw(&prepared, &explanation, &style, &mut output).await?;
        if self.save_raw {
            add_raw(&prepared, &explanation, &mut output).await?;
        }
        clock.lap("draw");
        let maps: Vec<MapRecord> =
            explanation.heatmaps.iter().map(|heatmap| MapRecord::new(heatmap, &explanation)).collect();
        for map in &maps {
            map.notes.iter().for_each(|note| progress.suspend(|| eprintln!("note: {}: {note}", map.method)));
        }
        let report = report(&prepared, &request, &explanation, maps, clock.finish(), output.names())?;
        output.add("result.json".into(), report);
        let written = output.write()?;
        for &class in &explanation.classes {
            progress.println(sentence(&prepared.model, &explanation.scores, class));
        }
        progress.finish_and_clear();
        for path in written {
            println!("{}", path.display());
        }
        Ok(())
    }
}

impl StyleArguments {
    fn style(&self) -> Result<Style, Failure> {
        let &Self { overlay, colormap, opacity, threshold } = self;
        let style = Style { formula: overlay, colormap, opacity, threshold };
        style.check()?;
        Ok(style)
    }
}

/// Adds each heatmap as a picture, by itself and over the view.
async fn draw(
    prepared: &Prepared,
    explanation: &Explanation,
    style: &Style,
    output: &mut Output,
) -> Result<(), Failure> {
    for heatmap in &explanation.heatmaps {
        let name = file_name(prepared, heatmap);
        let alone = heatmap.fit_style(Style::heatmap(style.colormap));
        for (kind, style) in [("heatmap", &alone), ("overlay", style)] {
            output.add(format!("{name}-{kind}.png"), heatmap.draw(&prepared.view, style).await?.to_png());
        }
    }
    Ok(())
}

/// Adds the maps before any normalisation, and the class scores.
async fn add_raw(prepared: &Prepared, explanation: &Explanation, output: &mut Output) -> Result<(), Failure> {
    for heatmap in &explanation.heatmaps {
        let name = file_name(prepared, heatmap);
        let [c, h, w] = heatmap.map.dims();
        let shape = if c == 1 { vec![h, w] } else { vec![c, h, w] };
        output.add(format!("{name}-raw.npy"), files::npy(&heatmap.values().await?, &shape));
    }
    let logits = &explanation.scores.logits;
    output.add("logits.npy".into(), files::npy(logits, &[1, logits.len()]));
    Ok(())
}

/// What a heatmap's files are named after, so that no other class's files lie under the same name.
fn file_name(prepared: &Prepared, heatmap: &Heatmap) -> String {
    let (stem, network) = (&prepared.stem, prepared.model.architecture().name);
    format!("{stem}-{network}-{}-{}", heatmap.method.name, heatmap.class)
}

/// Which class was explained, for a person at a terminal.
fn sentence(model: &Model, scores: &Scores, class: usize) -> String {
    let percent = 100.0 * scores.probabilities[class];
    match model.label(class) {
        Some(name) => format!("explained: {name} (class {class}), {percent:.1} %"),
        None => format!("explained: class {class}, {percent:.1} %"),
    }
}

/// The text of `result.json`.
fn report(
    prepared: &Prepared,
    request: &Request,
    explanation: &Explanation,
    maps: Vec<MapRecord>,
    seconds: Map<String, Value>,
    files: Vec<&str>,
) -> Result<Vec<u8>, Failure> {
    let (model, scores) = (&prepared.model, &explanation.scores);
    let record = |&class: &usize| ClassRecord::new(model, scores, class);
    let classes: Vec<ClassRecord> = explanation.classes.iter().map(record).collect();
    let report = Report {
        run: RunRecord::new(prepared, request, explanation),
        problem: model.problem().name(),
        class: &classes[0],
        classes: &classes,
        top: scores.top(Scores::TOLD).iter().map(record).collect(),
        maps,
        files,
        seconds,
    };
    Ok(serde_json::to_vec_pretty(&report)?)
}

impl MapRecord {
    fn new(heatmap: &Heatmap, explanation: &Explanation) -> Self {
        let [channels, height, width] = heatmap.map.dims();
        Self {
            method: heatmap.method.name,
            class_id: heatmap.class,
            channels,
            height,
            width,
            min: heatmap.min,
            max: heatmap.max,
            flat: heatmap.is_flat(),
            notes: notes(heatmap, explanation),
        }
    }
}

/// What a reader should know about a map.
fn notes(heatmap: &Heatmap, explanation: &Explanation) -> Vec<String> {
    let budget = heatmap.budget.as_ref().map(|budget| {
        let percent = 100.0 * budget.share;
        format!(
            "{} of {} channels were tried, which hold {percent:.0} % of the activation",
            budget.used, budget.total
        )
    });
    let flat = heatmap.is_flat().then(|| {
        format!("nothing in {} speaks for class {}", explanation.layers.join(" and "), heatmap.class)
    });
    budget.into_iter().chain(flat).collect()
}

/// Seconds of each phase, in order.
struct Clock {
    started: Instant,
    since: Instant,
    seconds: Map<String, Value>,
}

impl Clock {
    fn start() -> Self {
        let now = Instant::now();
        Self { started: now, since: now, seconds: Map::new() }
    }

    /// Ends a phase.
    fn lap(&mut self, phase: &str) {
        self.note(phase, self.since.elapsed().as_secs_f64());
        self.since = Instant::now();
    }

    /// Ends phases that were timed elsewhere.
    fn laps(&mut self, times: &[(&'static str, f64)]) {
        times.iter().for_each(|&(phase, time)| self.note(phase, time));
        self.since = Instant::now();
    }

    fn note(&mut self, phase: &str, seconds: f64) {
        self.seconds.insert(phase.into(), seconds.into());
    }

    fn finish(mut self) -> Map<String, Value> {
        self.note("total", self.started.elapsed().as_secs_f64());
        self.seconds
    }
}
