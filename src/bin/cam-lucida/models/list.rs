//! `models list`: what there is to fetch.

use indicatif::HumanBytes;
use serde_json::json;

use super::zoo::{Embedded, Published, Zoo};
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
        let rows = embedded.into_iter().map(Row::from).chain(published.into_iter().map(Row::from));
        if self.json {
            let rows: Vec<_> = rows.map(|row| row.json()).collect();
            return lists::print(vec![[serde_json::to_string_pretty(&rows)?]]);
        }
        lists::print(rows.map(Row::cells).collect())
    }
}

struct Row {
    name: String,
    title: String,
    network: String,
    classes: usize,
    bytes: u64,
    license: String,
    /// Where it is published; `None`: by this project.
    source: Option<String>,
}

impl From<Embedded> for Row {
    fn from(model: Embedded) -> Self {
        let Embedded { name, title, network, classes, bytes, license } = model;
        Self { name, title, network, classes, bytes, license, source: None }
    }
}

impl From<Published> for Row {
    fn from(model: Published) -> Self {
        let source = Some(model.source.to_string());
        let Published { name, title, network, classes, bytes, license, .. } = model;
        Self { name, title, network, classes, bytes, license, source }
    }
}

impl Row {
    fn cells(self) -> [String; 6] {
        let size = HumanBytes(self.bytes).to_string();
        let source = self.source.unwrap_or_else(|| "embedded in the page".into());
        let classes = format!("{} classes", self.classes);
        [self.name, self.network, classes, size, self.license, source]
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "name": self.name, "title": self.title, "network": self.network, "classes": self.classes,
            "bytes": self.bytes, "license": self.license, "source": self.source,
            "embedded": self.source.is_none(),
        })
    }
}
