//! `explain`: heatmaps, overlays and a report.

use cam_lucida::cam::{ClassSum, Target};
use cam_lucida::{Explanation, Request, Scores};
use serde::Serialize;

use crate::Failure;
use crate::files::Output;
use crate::inputs::{InputArguments, Prepared};
use crate::many::{Many, ManyArguments, Record, record, value};
use crate::progress::{progress, watch};
use crate::report::{ClassRecord, RunRecord, request_options, told};
use crate::request::RequestArguments;
use crate::results::{Clock, NamedMap, ResultArguments, Results};

/// A picture explained.
#[derive(clap::Args)]
pub struct Explain {
    #[command(flatten)]
    inputs: InputArguments,

    #[command(flatten)]
    request: RequestArguments,

    #[command(flatten)]
    results: ResultArguments,

    #[command(flatten)]
    many: ManyArguments,
}

/// What `result.json` says of classes.
#[derive(Serialize)]
pub struct Classes {
    class: ClassRecord,
    classes: Vec<ClassRecord>,
    top: Vec<ClassRecord>,
}

impl Explain {
    pub async fn run(self) -> Result<(), Failure> {
        self.results.style()?;
        let request = self.request.request()?;
        if self.many.apply(&self.inputs) {
            return many(&self.inputs, &request, &self.results, &self.many).await;
        }
        let progress = progress();
        let mut clock = Clock::start();
        let prepared = self.inputs.prepare(&progress).await?;
        clock.lap("prepare");
        progress.set_message("explaining");
        let explanation =
            prepared.model.explain_watched(&prepared.input, &request, &watch(&progress)).await?;
        clock.laps(&explanation.times);
        let results = results(&prepared, &request, &explanation, ClassSum::to_string);
        self.results.write(&prepared, results, clock, &progress).await
    }
}

/// Explains each of many pictures.
async fn many(
    inputs: &InputArguments,
    request: &Request,
    drawn: &ResultArguments,
    arguments: &ManyArguments,
) -> Result<(), Failure> {
    let mut options = request_options(request);
    options.extend(drawn.options());
    let explain = async |prepared: &Prepared, output: &mut Output| -> Result<Record, Failure> {
        let explanation = prepared.model.explain(&prepared.input, request).await?;
        let results = results(prepared, request, &explanation, ClassSum::to_string);
        drawn.draw(prepared, &results, output).await?;
        drawn.add_scores(format!("{}-logits.npy", prepared.stem), &results, output);
        let mut record = record(&results.details)?;
        record.insert("layers".into(), explanation.layers.clone().into());
        record.insert("maps".into(), value(&results.records())?);
        Ok(record)
    };
    Many::new(inputs, arguments, drawn.folder()).run("explain", options, explain).await
}

/// The maps of an explanation. The files of a class are named by `name`.
pub fn maps(explanation: &Explanation, name: impl Fn(&ClassSum) -> String) -> Vec<NamedMap<'_>> {
    let title = |class: &ClassSum| match explanation.target {
        Target::Contrast(other) if class.classes() == [other] => {
            format!("class {class} against itself; contrast it with another class")
        }
        Target::Contrast(other) => format!("class {class} rather than class {other}"),
        Target::Counterfactual => format!("anything but class {class}"),
        _ => format!("class {class}"),
    };
    let map = |heatmap| NamedMap {
        heatmap,
        layers: &explanation.layers,
        name: name(&heatmap.class),
        title: title(&heatmap.class),
        words: None,
    };
    explanation.heatmaps.iter().map(map).collect()
}

/// An explanation as results. The files of a class are named by `name`.
pub fn results<'a>(
    prepared: &Prepared,
    request: &Request,
    explanation: &'a Explanation,
    name: impl Fn(&ClassSum) -> String,
) -> Results<'a, Classes> {
    let (model, scores) = (&prepared.model, &explanation.scores);
    let sentence = |class: &ClassSum| {
        let told = told(model.problem(), scores.probability(class), 1);
        match model.name(class) {
            Some(name) => format!("explained: {name} (class {class}), {told}"),
            None => format!("explained: class {class}, {told}"),
        }
    };
    let record = |class: &ClassSum| ClassRecord::new(model, scores, class);
    Results {
        run: RunRecord::new(prepared, request, explanation.layers.clone()),
        details: Classes {
            class: record(&explanation.classes[0]),
            classes: explanation.classes.iter().map(record).collect(),
            top: ClassSum::each(scores.top(Scores::TOLD)).iter().map(record).collect(),
        },
        maps: maps(explanation, name),
        logits: vec![&scores.logits],
        sentences: explanation.classes.iter().map(sentence).collect(),
    }
}
