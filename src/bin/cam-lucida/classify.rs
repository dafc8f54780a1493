//! `classify`: the classes that a network sees in a picture.

use cam_lucida::Scores;

use crate::Failure;
use crate::inputs::{InputArguments, progress};

/// A picture classified.
#[derive(clap::Args)]
pub struct Classify {
    #[command(flatten)]
    inputs: InputArguments,

    /// How many classes to name.
    #[arg(long, default_value_t = Scores::TOLD)]
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
            let percent = 100.0 * scores.probabilities[class];
            println!("{class:>5}  {percent:6.2} %  {}", model.label(class).unwrap_or(""));
        }
        Ok(())
    }
}
