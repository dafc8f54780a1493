//! `measure`: how good heatmaps are, in numbers and as curves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cam_lucida::Request;
use cam_lucida::measure::{
    Baseline, Cascade, Map, Mask, Measure, Perturbation, Road, Trial, confidence, deletion, energy_inside,
    insertion, pointing_game, randomise, road,
};
use cam_lucida::picture::Picture;
use serde_json::json;

use crate::Failure;
use crate::explain::named;
use crate::files::{self, Output, at};
use crate::lists;
use crate::measured::{self, Measured};
use crate::plot;
use crate::question::Question;
use crate::subject::{Prepared, Subject, progress, watch};

/// Heatmaps measured.
#[derive(clap::Args)]
pub struct MeasureMaps {
    #[command(flatten)]
    subject: Subject,

    #[command(flatten)]
    question: Question,

    /// What to measure: deletion, insertion, drop, road, randomise, energy or pointing [default: all; energy and
    /// pointing only with a mask].
    #[arg(long, value_delimiter = ',', value_name = "MEASURE[,MEASURE]")]
    measure: Vec<Measure>,

    /// Where the object is, for energy and pointing: a PNG of the picture's size, black but for the object.
    #[arg(long, value_name = "FILE")]
    mask_path: Option<PathBuf>,

    /// Steps of the deletion and insertion curves.
    #[arg(long, default_value_t = Perturbation::STEPS)]
    steps: usize,

    /// What stands for deleted pixels: mean (the mean colour) or blur.
    #[arg(long, default_value = "mean")]
    baseline: Baseline,

    /// How far from the object a peak still hits it, in pixels of the picture.
    #[arg(long, default_value_t = 15.0)]
    tolerance: f64,

    /// How often maps are compared while the weights are randomised.
    #[arg(long, default_value_t = Cascade::default().stages)]
    stages: usize,

    /// Where the random numbers of road and randomise start.
    #[arg(long, default_value_t = 0)]
    seed: u32,

    /// Where measure.json and measure.png (the curves, where there are any) go.
    #[arg(long, short, default_value = "results", value_name = "FOLDER")]
    output_dir: PathBuf,
}

impl MeasureMaps {
    pub async fn run(self) -> Result<(), Failure> {
        let started = Instant::now();
        let mask = match &self.mask_path {
            Some(path) => Some((path, Picture::decode(&files::read(path)?).map_err(at(path))?)),
            None => None,
        };
        let measures = self.measures()?;
        let request = self.question.request()?;
        if request.classes.len() > 1 {
            return Err("measure looks at one class at a time: pass one --class-id".into());
        }
        let progress = progress();
        let prepared = self.subject.prepare(&progress).await?;
        let mask = mask.map(|(path, picture)| seen(path, &picture, &prepared)).transpose()?;
        let Prepared { model, input, .. } = &prepared;
        let watch = watch(&progress);
        progress.set_message("explaining");
        let explanation = model.explain_watched(input, &request, &watch).await?;

        let class = explanation.classes[0];
        let trial = Trial { model, input, class, watch: &watch };
        let mut of_methods = Vec::new();
        for heatmap in &explanation.heatmaps {
            let map = Map::from_heatmap(heatmap).await?;
            let mut measured = Measured::new(heatmap.method.name, heatmap.is_flat());
            for measure in &measures {
                let perturbation = Perturbation { steps: self.steps, ..Perturbation::INSERTION };
                match (measure, &mask) {
                    (Measure::Deletion, _) => {
                        let perturbation = Perturbation { baseline: self.baseline, ..perturbation };
                        measured.deletion = Some(deletion(&trial, &map, &perturbation).await?);
                    }
                    (Measure::Insertion, _) => {
                        measured.insertion = Some(insertion(&trial, &map, &perturbation).await?);
                    }
                    (Measure::Drop, _) => measured.confidence = Some(confidence(&trial, &map).await?),
                    (Measure::Road, _) => {
                        let settings = Road { seed: self.seed, ..Road::default() };
                        measured.road = Some(road(&trial, &map, &settings).await?);
                    }
                    (Measure::Energy, Some(mask)) => measured.energy = Some(energy_inside(&map, mask)),
                    (Measure::Pointing, Some(mask)) => {
                        measured.pointing = Some(pointing_game(&map, mask, self.tolerance));
                    }
                    // Of all methods together, below; and without a mask nothing asks for the others.
                    (Measure::Randomise | Measure::Energy | Measure::Pointing, _) => {}
                }
            }
            of_methods.push(measured);
        }
        if measures.contains(&Measure::Randomise) {
            let cascade = Cascade { stages: self.stages, seed: self.seed };
            let mut weights = self.subject.model.weights()?;
            let stages = randomise(&trial, &mut weights, &request, &cascade).await?;
            for (i, measured) in of_methods.iter_mut().enumerate() {
                measured.stages = stages.iter().map(|stage| (stage.clone(), stage.similarities[i])).collect();
            }
        }

        let mut output = Output::new(self.output_dir);
        let charts = measured::charts(&of_methods);
        if !charts.is_empty() {
            output.add("measure.png".into(), plot::draw(&charts)?.to_png());
        }
        let result = json!({
            "network": model.architecture().name,
            "layers": explanation.layers,
            "class": named(model, &explanation.scores, class),
            "target": explanation.target.to_string(),
            "preset": request.preset,
            "settings": request.settings.iter().collect::<BTreeMap<_, _>>(),
            "smooth": request.smooth,
            "preprocess": self.subject.preprocess_name(),
            "measures": measures.iter().map(|measure| measure.name()).collect::<Vec<_>>(),
            "steps": self.steps, "tolerance": self.tolerance, "seed": self.seed,
            "methods": of_methods.iter().map(Measured::to_json).collect::<Vec<_>>(),
            "files": output.names(),
            "seconds": started.elapsed().as_secs_f64(),
            "device": model.device().name(),
            "versions": { "cam-lucida": env!("CARGO_PKG_VERSION"), "burn": cam_lucida::BURN_VERSION },
        });
        output.add("measure.json".into(), serde_json::to_vec_pretty(&result)?);
        let written = output.write()?;
        progress.finish_and_clear();
        lists::print(of_methods.iter().flat_map(Measured::rows).collect())?;
        lists::print(written.iter().map(|path| [path.display().to_string()]).collect())
    }

    /// What was asked for, or all that the arguments allow.
    fn measures(&self) -> Result<Vec<Measure>, Failure> {
        let possible = |measure: &Measure| self.mask_path.is_some() || !measure.needs_mask();
        if self.measure.is_empty() {
            let all = Measure::ALL.iter().map(|(_, measure)| *measure);
            return Ok(all.filter(possible).collect());
        }
        match self.measure.iter().find(|measure| !possible(measure)) {
            None => Ok(self.measure.clone()),
            Some(measure) => Err(format!(
                "{} asks where the object is: pass --mask-path FILE, a PNG of the picture's size, black but for the object",
                measure.name()
            )
            .into()),
        }
    }
}

/// What heatmaps cover of a mask of the whole picture.
fn seen(path: &Path, mask: &Picture, prepared: &Prepared) -> Result<Mask, Failure> {
    let (found, wanted) = (mask.size(), prepared.picture.size());
    if found != wanted {
        return Err(format!(
            "{}: the mask has {found} pixels, the picture {wanted}; they must be of one size",
            path.display()
        )
        .into());
    }
    let preprocessor = prepared.model.preprocessor();
    let mask = Mask::from_picture(mask).and_then(|mask| mask.seen(preprocessor, prepared.preprocess));
    Ok(mask.map_err(at(path))?)
}
