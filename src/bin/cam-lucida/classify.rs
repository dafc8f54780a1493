//! `classify`: the classes that a network sees in a picture.

use cam_lucida::{Scores, printable};

use crate::Failure;
use crate::inputs::InputArguments;
use crate::numbers::whole;
use crate::progress::progress;
use crate::report::told;
use crate::terminal;

/// A picture classified.
#[derive(clap::Args)]
pub struct Classify {
    #[command(flatten)]
    inputs: InputArguments,

    /// How many classes to name.
    #[arg(long, default_value_t = Scores::TOLD, value_parser = whole::<usize>(1..=100_000))]
    top: usize,
}

impl Classify {
    pub async fn run(self) -> Result<(), Failure> {
        let progress = progress();
        let prepared = self.inputs.prepare(&progress).await?;
        let model = &prepared.model;
        let scores = model.classify(&prepared.input).await?;
        progress.finish_and_clear();
        for class in scores.top(self.top) {
            let told = told(model.problem(), scores.probabilities[class], 2);
            let line = match model.label(class) {
                Some(label) => format!("{class:>5}  {told:>8}  {}", printable(label)),
                None => format!("{class:>5}  {told:>8}"),
            };
            terminal::say(line)?;
        }
        if model.labels().is_none() {
            terminal::tell("note: the classes have no names; --labels FILE gives them some");
        }
        Ok(())
    }
}
