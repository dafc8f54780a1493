//! What there is, and names of what there is not.

use serde_json::Value;

use crate::Desk;
use crate::server::{Answer, Server};

fn index() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/index.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn list_names_every_model_the_embedded_ones_first() {
    let index = index();
    let entries: Vec<&Value> =
        ["models", "zoo"].iter().flat_map(|key| index[key].as_array().unwrap()).collect();
    let table = Desk::new().models(&["list"]);
    assert_eq!(table.lines().count(), entries.len());
    for (line, entry) in table.lines().zip(&entries) {
        let classes = format!("{} classes", entry["classes"]);
        for key in ["name", "network", "license"] {
            assert!(line.contains(entry[key].as_str().unwrap()), "{line} has no {key}");
        }
        assert!(line.contains(&classes) && line.contains("iB"), "{line}");
        let source = &entry["source"];
        let source = [&source["repository"], &source["url"]].into_iter().find_map(|source| source.as_str());
        assert!(line.contains(source.unwrap_or("embedded")), "{line}");
    }
    let json: Value = serde_json::from_str(&Desk::new().models(&["list", "--json"])).unwrap();
    for (row, entry) in json.as_array().unwrap().iter().zip(&entries) {
        for key in ["name", "title", "network", "classes", "bytes", "license"] {
            assert_eq!(row[key], entry[key]);
        }
        assert_eq!(row["embedded"], entry["source"].is_null());
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_closest() {
    let desk = Desk::new();
    desk.refuses(
        &["fetch", "resnt50"],
        &["`resnt50`", "closest are resnet50", "models list", "OWNER/REPOSITORY"],
    );
    desk.refuses(&["fetch", "DenseNet-161"], &["closest are densenet161"]);
    desk.refuses(&["fetch", "people-biased"], &["need not be fetched", "models/people-biased"]);
    desk.refuses(&["fetch", "ftp://host/file.pth"], &["https://"]);
    desk.refuses(&["fetch", "owner/../secret"], &["OWNER/REPOSITORY"]);
    desk.refuses(&["fetch", "owner/name@../other"], &["not a repository"]);
    desk.refuses(&["fetch", "https://host/x.pth", "--network", "resnet5"], &["unknown network `resnet5`"]);
    assert!(desk.names("").is_empty());
}

#[test]
fn an_unknown_repository_is_answered_with_the_closest_and_not_asked_for_twice() {
    let server = Server::new(|_| Answer::status(404));
    let desk = Desk::new();
    desk.refuses(
        &["fetch", "timm/vgg17.tv_in1k", "--hub", &server.url],
        &["vgg17.tv_in1k/resolve/main/config.json is not there (HTTP 404)", "closest are vgg1"],
    );
    assert_eq!(server.paths().len(), 1);
    let server = Server::new(|_| Answer::status(401));
    desk.refuses(&["fetch", "timm/vgg17", "--hub", &server.url], &["HTTP 401", "private", "misspelt"]);
    assert_eq!(server.paths().len(), 1);
    assert!(desk.names("").is_empty());
}
