//! `models list`: which models there are.

use cam_lucida::network::{Architecture, Task};
use indicatif::HumanBytes;
use serde::Serialize;
use serde_json::json;

use super::zoo::{Published, Summary, Zoo};
use crate::{Failure, lists};

#[derive(clap::Args)]
pub struct List {
    /// Print JSON in place of a table.
    #[arg(long)]
    json: bool,
}

impl List {
    pub fn run(self) -> Result<(), Failure> {
        let Zoo { embedded, language, published } = Zoo::read()?;
        let embedded = embedded.into_iter().chain(language);
        let embedded = embedded.map(|summary| Row { summary, source: None, embedded: true });
        let published = published.into_iter().map(|Published { summary, source, .. }| Row {
            summary,
            source: Some(source.to_string()),
            embedded: false,
        });
        let rows = embedded.chain(published);
        if self.json {
            let rows: serde_json::Value = rows.map(|row| json!(row)).collect();
            return lists::print(vec![[serde_json::to_string_pretty(&rows)?]]);
        }
        lists::print(rows.map(Row::cells).collect())
    }
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    summary: Summary,
    /// Where it is published; `None`: by this project.
    source: Option<String>,
    embedded: bool,
}

impl Row {
    fn cells(self) -> [String; 6] {
        let Summary { name, network, classes, bytes, license, .. } = self.summary;
        let source = self.source.unwrap_or_else(|| "embedded in the page".into());
        let chosen = match Architecture::named(&network).map(Architecture::task) {
            Ok(Task::QuestionAnswering) => "answers",
            Ok(Task::Captioning) => "words",
            _ => "classes",
        };
        [name, network, format!("{classes} {chosen}"), HumanBytes(bytes).to_string(), license, source]
    }
}
