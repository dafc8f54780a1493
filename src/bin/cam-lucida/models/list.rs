//! `models list`: which models there are.

use indicatif::HumanBytes;
use serde::Serialize;
use serde_json::json;

use super::zoo::{Published, Summary, Zoo};
use crate::{Failure, lists, terminal};

#[derive(clap::Args)]
pub struct List {
    /// Print JSON in place of a table.
    #[arg(long)]
    json: bool,
}

impl List {
    pub fn run(self) -> Result<(), Failure> {
        let Zoo { embedded, published } = Zoo::read()?;
        let embedded = embedded.into_iter().map(|summary| Row { summary, source: None, embedded: true });
        let published = published.into_iter().map(|Published { summary, source, .. }| Row {
            summary,
            source: Some(source.to_string()),
            embedded: false,
        });
        let rows = embedded.chain(published);
        if self.json {
            let rows: serde_json::Value = rows.map(|row| json!(row)).collect();
            return terminal::say(serde_json::to_string_pretty(&rows)?);
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
        [name, network, format!("{classes} classes"), HumanBytes(bytes).to_string(), license, source]
    }
}
