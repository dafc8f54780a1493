//! `measure`: how good heatmaps are, in numbers and as curves.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cam_lucida::cam::{ClassSum, Progress, Watch};
use cam_lucida::measure::{
    Baseline, Cascade, Map, Mask, Measure, Perturbation, Road, Trial, confidence, deletion, energy_inside,
    insertion, pointing_game, randomise, road,
};
use cam_lucida::picture::{Picture, Preprocess};
use cam_lucida::render::Style;
use cam_lucida::{Explanation, Request};
use serde::Serialize;
use serde_json::json;
use strum::VariantArray;

use crate::Failure;
use crate::choice::Choice;
use crate::explain;
use crate::files::{self, Output, at};
use crate::inputs::{InputArguments, Prepared};
use crate::lists;
use crate::many::{Many, ManyArguments, Record, record};
use crate::method_results::{self, MethodResults, charts};
use crate::numbers::whole;
use crate::plot;
use crate::progress::{progress, watch};
use crate::report::{ClassRecord, RunRecord, object, request_options};
use crate::request::RequestArguments;

/// Heatmaps measured.
#[derive(clap::Args)]
pub struct MeasureMaps {
    #[command(flatten)]
    inputs: InputArguments,

    #[command(flatten)]
    request: RequestArguments,

    #[arg(
        long,
        value_delimiter = ',',
        value_name = "MEASURE[,MEASURE]",
        value_parser = Choice::<Measure>::new(Measure::VARIANTS),
        help = format!("What to measure [default: all of them, {} only with a mask]", with_mask())
    )]
    measure: Vec<Measure>,

    #[arg(
        long,
        value_name = "FILE",
        help = format!("A mask of the object, for {}: a PNG of the picture's size, black outside the object", with_mask())
    )]
    mask_path: Option<PathBuf>,

    #[command(flatten)]
    settings: MeasureSettings,

    /// The folder for measure.json and, if there are curves, measure.png.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,

    #[command(flatten)]
    many: ManyArguments,
}

/// The measures that need a mask, for people.
fn with_mask() -> String {
    let masked = Measure::VARIANTS.iter().filter(|measure| measure.needs_mask());
    masked.map(|measure| measure.name()).collect::<Vec<_>>().join(" and ")
}

/// The settings of the measures.
#[derive(clap::Args)]
struct MeasureSettings {
    /// Steps of the deletion and insertion curves.
    #[arg(long, default_value_t = Perturbation::STEPS, value_parser = whole::<usize>(1..=Perturbation::MAX_STEPS as u64))]
    steps: usize,

    /// What replaces deleted pixels: the mean colour, or the blurred picture.
    #[arg(long, value_parser = Choice::<Baseline>::new(Baseline::VARIANTS), default_value_t)]
    baseline: Baseline,

    /// How far outside the object a peak still counts as a hit, in pixels of the picture.
    #[arg(long, default_value_t = 15.0, value_parser = pixels)]
    tolerance: f64,

    /// How often maps are compared while the weights are randomised.
    #[arg(long, alias = "stages", default_value_t = Cascade::default().steps, value_parser = whole::<usize>(1..=Cascade::MAX_STEPS as u64))]
    cascade_steps: usize,

    /// The seed of the random numbers of road and randomise.
    #[arg(long, default_value_t = 0, value_parser = whole::<u32>(0..=u32::MAX.into()))]
    seed: u32,
}

/// `measure.json`.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    run: RunRecord,
    class: ClassRecord,
    measures: Vec<&'static str>,
    steps: usize,
    tolerance: f64,
    seed: u32,
    methods: &'a [MethodResults],
    files: Vec<&'a str>,
    seconds: f64,
}

/// The line of a picture in `results.jsonl`.
#[derive(Serialize)]
struct MeasuredPicture<'a> {
    class: ClassRecord,
    layers: &'a [String],
    measures: Record,
    methods: &'a [MethodResults],
}

impl MeasureMaps {
    pub async fn run(self) -> Result<(), Failure> {
        let started = Instant::now();
        let mask = match &self.mask_path {
            Some(path) => Some((path, files::read_picture(path)?)),
            None => None,
        };
        let measures = self.measures()?;
        let request = self.request.request()?;
        if request.classes.len() > 1 || request.classes.iter().any(|class| class.single().is_none()) {
            return Err("measure takes one class at a time: pass one --class-id".into());
        }
        if self.many.apply(&self.inputs) {
            if self.mask_path.is_some() {
                return Err("--mask-path is the mask of one picture: pass one --image-path FILE".into());
            }
            let many = Many::new(&self.inputs, &self.many, &self.output_dir);
            return self.settings.many(many, &request, &measures).await;
        }
        let progress = progress();
        let prepared = self.inputs.prepare(&progress).await?;
        let mask = mask.map(|(path, picture)| mask_of_view(path, &picture, &prepared)).transpose()?;
        let watch = watch(&progress);
        progress.set_message("explaining");
        let explanation = prepared.model.explain_watched(&prepared.input, &request, &watch).await?;
        let (class, results) =
            self.settings.all(&prepared, &explanation, &request, &measures, mask.as_ref(), &watch).await?;

        let mut output = Output::new(self.output_dir);
        let charts = charts(&results, prepared.model.problem());
        if !charts.is_empty() {
            output.add("measure.png".into(), plot::draw(&charts)?.to_png());
        }
        let report = Report {
            run: RunRecord::new(&prepared, &request, explanation.layers.clone()),
            class,
            measures: measures.iter().map(|measure| measure.name()).collect(),
            steps: self.settings.steps,
            tolerance: self.settings.tolerance,
            seed: self.settings.seed,
            methods: &results,
            files: output.names(),
            seconds: started.elapsed().as_secs_f64(),
        };
        let report = serde_json::to_vec_pretty(&report)?;
        output.add("measure.json".into(), report);
        let written = output.write()?;
        progress.finish_and_clear();
        lists::print(results.iter().flat_map(MethodResults::rows).collect())?;
        lists::print(written.iter().map(|path| [path.display().to_string()]).collect())
    }

    /// The measures that were asked for, or all that the arguments allow.
    fn measures(&self) -> Result<Vec<Measure>, Failure> {
        let possible = |measure: &Measure| self.mask_path.is_some() || !measure.needs_mask();
        if self.measure.is_empty() {
            let all = Measure::VARIANTS.iter().copied();
            return Ok(all.filter(possible).collect());
        }
        match self.measure.iter().find(|measure| !possible(measure)) {
            None => Ok(self.measure.clone()),
            Some(measure) => Err(mask_missing(*measure)),
        }
    }
}

/// A measure with the mask that it needs.
enum Chosen<'a> {
    Deletion,
    Insertion,
    Drop,
    Road,
    Randomise,
    Energy(&'a Mask),
    Pointing(&'a Mask),
}

impl<'a> Chosen<'a> {
    fn new(measure: Measure, mask: Option<&'a Mask>) -> Result<Self, Failure> {
        let needed = || mask.ok_or_else(|| mask_missing(measure));
        Ok(match measure {
            Measure::Deletion => Self::Deletion,
            Measure::Insertion => Self::Insertion,
            Measure::Drop => Self::Drop,
            Measure::Road => Self::Road,
            Measure::Randomise => Self::Randomise,
            Measure::Energy => Self::Energy(needed()?),
            Measure::Pointing => Self::Pointing(needed()?),
        })
    }
}

fn mask_missing(measure: Measure) -> Failure {
    let name = measure.name();
    format!(
        "{name} asks where the object is: pass --mask-path FILE, a PNG of the picture's size, black outside the object"
    )
    .into()
}

/// A number of pixels.
fn pixels(text: &str) -> Result<f64, String> {
    let pixels = text.trim().parse().ok().filter(|pixels: &f64| pixels.is_finite() && *pixels >= 0.0);
    pixels.ok_or_else(|| "pass a number of pixels, 0 or more, such as 15".into())
}

impl MeasureSettings {
    /// Measures the maps of each of many pictures.
    async fn many(&self, many: Many<'_>, request: &Request, measures: &[Measure]) -> Result<(), Failure> {
        let names: Vec<&str> = measures.iter().map(|measure| measure.name()).collect();
        let mut options = request_options(request);
        options.extend(object([
            ("measures", json!(names)),
            ("steps", self.steps.into()),
            ("baseline", self.baseline.to_string().into()),
            ("cascade_steps", self.cascade_steps.into()),
            ("seed", self.seed.into()),
        ]));
        let measure = async |prepared: &Prepared, output: &mut Output| -> Result<Record, Failure> {
            let watch = |_: Progress| ControlFlow::<()>::Continue(());
            let explanation = prepared.model.explain_watched(&prepared.input, request, &watch).await?;
            let (class, results) = self.all(prepared, &explanation, request, measures, None, &watch).await?;
            for map in explain::maps(&explanation, ClassSum::to_string) {
                map.draw(prepared, &Style::default(), output).await?;
            }
            record(&MeasuredPicture {
                class,
                layers: &explanation.layers,
                measures: method_results::numbers(&results),
                methods: &results,
            })
        };
        many.run("measure", options, measure).await
    }

    /// Measures each heatmap of an explanation of one class.
    async fn all(
        &self,
        prepared: &Prepared,
        explanation: &Explanation,
        request: &Request,
        measures: &[Measure],
        mask: Option<&Mask>,
        watch: &dyn Watch,
    ) -> Result<(ClassRecord, Vec<MethodResults>), Failure> {
        let explained = &explanation.classes[0];
        let class = explained.single().expect("the request names one class, or none");
        let trial = Trial { model: &prepared.model, input: &prepared.input, class, watch };
        let chosen = measures.iter().map(|&measure| Chosen::new(measure, mask));
        let mut results = self.measure(&trial, explanation, &chosen.collect::<Result<Vec<_>, _>>()?).await?;
        if measures.contains(&Measure::Randomise) {
            self.randomise(&trial, prepared, request, &mut results).await?;
        }
        Ok((ClassRecord::new(&prepared.model, &explanation.scores, explained), results))
    }

    /// Measures each heatmap; randomisation takes all of them together.
    async fn measure(
        &self,
        trial: &Trial<'_>,
        explanation: &Explanation,
        measures: &[Chosen<'_>],
    ) -> Result<Vec<MethodResults>, Failure> {
        let insertion_settings = Perturbation { steps: self.steps, ..Perturbation::INSERTION };
        let deletion_settings = Perturbation { baseline: self.baseline, ..insertion_settings };
        let road_settings = Road { seed: self.seed, ..Road::default() };
        let mut all = Vec::new();
        for heatmap in &explanation.heatmaps {
            let map = Map::from_heatmap(heatmap).await?;
            let mut results = MethodResults::new(heatmap.method.name, heatmap.is_flat());
            for measure in measures {
                match measure {
                    Chosen::Deletion => {
                        results.set_deletion(deletion(trial, &map, &deletion_settings).await?);
                    }
                    Chosen::Insertion => {
                        results.set_insertion(insertion(trial, &map, &insertion_settings).await?);
                    }
                    Chosen::Drop => results.set_confidence(confidence(trial, &map).await?),
                    Chosen::Road => results.set_road(road(trial, &map, &road_settings).await?),
                    Chosen::Energy(mask) => results.set_energy(energy_inside(&map, mask)),
                    Chosen::Pointing(mask) => {
                        results.set_pointing(pointing_game(&map, mask, self.tolerance));
                    }
                    // It takes all heatmaps together.
                    Chosen::Randomise => {}
                }
            }
            all.push(results);
        }
        Ok(all)
    }

    /// Adds how the heatmaps change while the weights are randomised.
    async fn randomise(
        &self,
        trial: &Trial<'_>,
        prepared: &Prepared,
        request: &Request,
        results: &mut [MethodResults],
    ) -> Result<(), Failure> {
        let cascade = Cascade { steps: self.cascade_steps, seed: self.seed };
        let mut weights = prepared.source.weights()?;
        prepared.model.state(&mut weights)?;
        for step in &randomise(trial, &mut weights, request, &cascade).await? {
            for (results, similarity) in results.iter_mut().zip(&step.similarities) {
                results.add_step(step, similarity);
            }
        }
        Ok(())
    }
}

/// The part of a mask of the whole picture that heatmaps cover.
fn mask_of_view(path: &Path, mask: &Picture, prepared: &Prepared) -> Result<Mask, Failure> {
    let (found, wanted) = (mask.size(), prepared.picture.size());
    if found != wanted {
        return Err(format!(
            "{}: the mask has {found} pixels, the picture {wanted}: they must have the same size",
            path.display()
        )
        .into());
    }
    let preprocess = prepared.preprocess.unwrap_or(Preprocess::Squash);
    let mask = Mask::from_picture(mask).and_then(|mask| mask.seen(prepared.model.preprocessor(), preprocess));
    Ok(mask.map_err(at(path))?)
}
