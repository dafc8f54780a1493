//! `models list`: what there is to fetch.

use indicatif::HumanBytes;
use serde::Serialize;
use serde_json::json;

use super::zoo::{About, Published, Zoo};
use crate::{Failure, lists};

#[derive(clap::Args)]
pub struct List {
    /// Print JSON in place of a table.
    #[arg(long)]
    json: bool,
}

impl List {
    pub fn run(self) -> Result<(), Failure> {
        let Zoo { embedded, published } = Zoo::read()?;
        let embedded = embedded.into_iter().map(|about| Row { about, source: None, embedded: true });
        let published = published.into_iter().map(|Published { about, source, .. }| Row {
            about,
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
    about: About,
    /// Where it is published; `None`: by this project.
    source: Option<String>,
    embedded: bool,
}

impl Row {
    fn cells(self) -> [String; 6] {
        let About { name, network, classes, bytes, license, .. } = self.about;
        let source = self.source.unwrap_or_else(|| "embedded in the page".into());
        [name, network, format!("{classes} classes"), HumanBytes(bytes).to_string(), license, source]
    }
}
