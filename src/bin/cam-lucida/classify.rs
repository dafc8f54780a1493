//! `classify`: the classes of a picture.

use crate::Failure;
use crate::subject::{Subject, progress};

/// A picture classified.
#[derive(clap::Args)]
pub struct Classify {
    #[command(flatten)]
    subject: Subject,

    /// How many classes to name.
    #[arg(long, default_value_t = 5)]
    top: usize,
}

impl Classify {
    pub async fn run(self) -> Result<(), Failure> {
        let progress = progress();
        let prepared = self.subject.prepare(&progress).await?;
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
