//! Models that arrive.

use serde_json::{Value, json};

use crate::common::weight_file::WeightFile;
use crate::server::{Answer, Server};
use crate::{CLASSES, Desk, NETWORK, as_pth, hashed, model, opinion, sha256, weights};
use cam_lucida::Size;
use cam_lucida::weights::Card;

const FILES: [&str; 3] = ["config.json", "model.safetensors", "origin.json"];

fn config() -> String {
    let names: Vec<String> = (0..CLASSES).map(|class| format!("kind {class}")).collect();
    json!({ "architecture": NETWORK, "num_classes": CLASSES, "label_names": names }).to_string()
}

/// A hub with `owner/net`: its weights are sent on to another place, as the real one does.
fn hub(weights: Vec<u8>) -> Server {
    let sum = sha256(&weights);
    Server::new(move |request| match request.path.as_str() {
        "/owner/net/resolve/v2/config.json" => {
            Answer::status(307).header("Location", "/api/resolve-cache/config.json?x=1")
        }
        "/api/resolve-cache/config.json?x=1" => Answer::body(config()),
        "/owner/net/resolve/v2/model.safetensors" => Answer::status(302)
            .header("Location", format!("http://{}/store/weights", request.headers["host"]))
            .header("X-Linked-ETag", format!("\"{sum}\""))
            .header("X-Linked-Size", weights.len()),
        "/store/weights" => Answer::file(request, &weights, "\"tag\""),
        _ => Answer::status(404),
    })
}

#[test]
fn a_repository_becomes_a_folder_that_is_fetched_once() {
    let (desk, server) = (Desk::new(), hub(weights()));
    let fetch = ["fetch", "owner/net@v2", "--hub", &server.url];
    let said = desk.models(&fetch);
    assert!(said.contains("5 classes") && said.contains("--model-dir net"), "{said}");
    assert_eq!(desk.names("net"), FILES);
    assert_eq!(desk.read("net/model.safetensors"), weights(), "as it came");
    assert_eq!(desk.read("net/config.json"), config().as_bytes(), "as it came");
    assert_eq!(desk.load("net").label(3), Some("kind 3"));
    assert!(desk.models(&["verify", "net"]).contains("origin.json: 2 files"));

    let asked = server.paths().len();
    assert!(desk.models(&fetch).contains("as it was fetched"));
    assert_eq!(server.paths().len(), asked, "nothing is asked for again");
    desk.models(&[&fetch[..], &["--force"]].concat());
    assert_eq!(server.paths().len(), 2 * asked);

    let mut damaged = weights();
    *damaged.last_mut().unwrap() ^= 1;
    desk.write("net/model.safetensors", damaged);
    desk.models(&fetch);
    assert_eq!(server.paths().len(), 3 * asked, "what is damaged is fetched again");
    assert_eq!(desk.read("net/model.safetensors"), weights());
}

#[test]
fn a_page_of_the_hub_about_a_weight_file_stands_for_that_file_and_the_card_beside_it() {
    let weights = weights();
    let server = Server::new(move |request| match request.path.as_str() {
        "/owner/net/resolve/v2/runs/config.json" => Answer::body(config()),
        "/owner/net/resolve/v2/runs/best.pth" | "/owner/net/resolve/v2/alone.safetensors" => {
            Answer::body(weights.clone())
        }
        _ => Answer::status(404),
    });
    let page = |rest: &str| format!("https://huggingface.co/owner/net/{rest}");
    let fetch = |page: &str, more: &[&'static str]| {
        let arguments = ["fetch", page, "--hub", &server.url].map(String::from);
        arguments.into_iter().chain(more.iter().map(|more| (*more).into())).collect::<Vec<_>>()
    };
    let desk = Desk::new();
    let run = |arguments: &[String]| desk.models(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let said = run(&fetch(&page("blob/v2/runs/best.pth"), &[]));
    assert!(said.contains("owner/net@v2: runs/best.pth") && said.contains("--model-dir best"), "{said}");
    assert_eq!(desk.load("best").label(3), Some("kind 3"), "its card lies beside it");
    // Without a card the file tells its network, unless somebody names it.
    let said = run(&fetch(&page("resolve/v2/alone.safetensors?download=true"), &["--network", NETWORK]));
    assert!(said.contains("5 classes"), "{said}");
    assert_eq!(desk.load("alone").label(3), None);
    let missing = fetch(&page("blob/v2/missing.bin"), &[]);
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    desk.refuses(&missing, &["owner/net has no file missing.bin at revision v2"]);
}

#[test]
fn addresses_of_hugging_face_stand_for_what_their_pages_are_about() {
    let table: Value = serde_json::from_str(include_str!("../fixtures/addresses.json")).unwrap();
    // What stands for a file elsewhere is tested beside the code.
    for case in table.as_array().unwrap().iter().filter(|case| case["url"].is_null()) {
        let (desk, server) = (Desk::new(), Server::new(|_| Answer::status(404)));
        let text = |key: &str| case[key].as_str();
        let fetch = ["fetch", text("address").unwrap(), "--hub", &server.url];
        let foreign = text("foreign").map(|what| match what {
            "text" => "is a text file by its name",
            "picture" => "is a picture by its name",
            "gguf" => "is a GGUF file",
            "onnx" => "is an ONNX file",
            "keras" => "is an HDF5 file, as Keras writes",
            "tensorflow" => "is a file of TensorFlow",
            "coreml" => "is a file of Core ML",
            "up" => "has `..` in its path",
            "github" => "is a page of GitHub that is about no file",
            _ => panic!("{case}"),
        });
        let (asked, said) = match (text("place"), text("file"), text("refused")) {
            _ if foreign.is_some() => (vec![], foreign.unwrap()),
            (Some(place), None, _) => (vec![format!("/{place}/config.json")], "(HTTP 404)"),
            (Some(place), Some(file), _) => {
                let files = ["config.json", "preprocessor_config.json", file];
                (files.map(|file| format!("/{place}/{file}")).to_vec(), "has no file")
            }
            (None, _, Some("datasets")) => (vec![], "is a data set of Hugging Face"),
            (None, _, Some("spaces")) => (vec![], "is an application (a Space)"),
            (None, _, Some("owner")) => (vec![], "names no repository"),
            (None, _, Some("folder")) => (vec![], "names a folder of a repository"),
            _ => (vec![], "is about no network"),
        };
        desk.refuses(&fetch, &[said]);
        assert_eq!(server.paths(), asked, "{case}");
    }
    assert!(table.as_array().unwrap().len() >= 25);
}

#[test]
fn a_token_opens_a_repository_and_is_shown_to_nobody_else() {
    let store = Server::new(|request| match request.headers.get("authorization") {
        None => Answer::file(request, &weights(), "\"tag\""),
        Some(_) => Answer::status(400),
    });
    let place = format!("{}/weights", store.url);
    let hub = Server::new(move |request| {
        if request.headers.get("authorization").is_none_or(|key| key != "Bearer open sesame") {
            return Answer::status(401);
        }
        match request.path.as_str() {
            "/owner/net/resolve/main/config.json" => Answer::body(config()),
            "/owner/net/resolve/main/model.safetensors" => Answer::status(302).header("Location", &place),
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new();
    let fetch = ["models", "fetch", "owner/net", "--hub", &hub.url];
    desk.refuses(&fetch[1..], &["401", "set HF_TOKEN to an access token"]);
    let wrong = desk.command(&fetch).env("HF_TOKEN", "guess").output().unwrap();
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(wrong.status.code() == Some(2) && said.contains("the holder of this HF_TOKEN"), "{said}");
    let right = desk.command(&fetch).env("HF_TOKEN", "open sesame\n").output().unwrap();
    assert!(right.status.success(), "{right:?}");
    assert_eq!(desk.read("net/model.safetensors"), weights());
}

#[test]
fn another_folder_is_not_written_over() {
    let (desk, server) = (Desk::new(), hub(weights()));
    desk.write("net/notes.txt", "mine");
    let fetch = ["fetch", "owner/net@v2", "--hub", &server.url];
    desk.refuses(&fetch, &["net already exists", "--output-dir", "--force"]);
    assert!(server.paths().is_empty());
    desk.models(&[&fetch[..], &["--output-dir", "here/too"]].concat());
    assert_eq!(desk.names("here/too"), FILES);
    desk.models(&[&fetch[..], &["--force"]].concat());
    assert_eq!(desk.names("net").len(), FILES.len() + 1);
}

#[test]
fn an_imagenet_model_of_the_zoo_gets_its_class_names() {
    let weights = hashed("mobilenet_v2_x0_5", 1000).bytes();
    let server = Server::new(move |request| match request.path.rsplit('/').next().unwrap() {
        "config.json" => Answer::body(
            r#"{ "architecture": "mobilenetv2_050", "num_classes": 1000, "num_features": 1280,
                 "pretrained_cfg": { "input_size": [3, 224, 224], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
                 "crop_pct": 0.875 } }"#,
        ),
        "model.safetensors" => Answer::body(weights.clone()),
        _ => Answer::status(404),
    });
    let desk = Desk::new();
    let name = "mobilenetv2_050.lamb_in1k";
    let said = desk.models(&["fetch", &format!("timm/{name}"), "--hub", &server.url]);
    assert!(said.contains("licence: apache-2.0"), "{said}");
    assert!(server.paths()[0].starts_with(&format!("/timm/{name}/resolve/main/")));
    let config = desk.json(&format!("{name}/config.json"));
    assert_eq!(config["id2label"]["281"], "tabby");
    assert_eq!(
        (&config["num_features"], &config["pretrained_cfg"]["crop_pct"]),
        (&json!(1280), &json!(0.875))
    );
    let model = desk.load(name);
    assert_eq!((model.label(0), model.labels().unwrap().len()), (Some("tench"), 1000));
    assert_eq!(model.preprocessor().mean, [0.5; 3]);
}

/// A server of one file at `path`.
fn one(path: String, file: Vec<u8>) -> Server {
    Server::new(move |request| {
        if request.path == path { Answer::file(request, &file, "\"tag\"") } else { Answer::status(404) }
    })
}

#[test]
fn a_pytorch_file_becomes_safetensors() {
    let file = hashed(NETWORK, CLASSES);
    let pth = as_pth(&file);
    let name = format!("net_x0.25-{}", &sha256(&pth)[..8]);
    let server = one(format!("/models/{name}.pth"), pth);
    let desk = Desk::new();
    desk.models(&["fetch", &format!("{}/models/{name}.pth", server.url)]);
    assert_eq!(desk.names(&name), FILES, "neither the file nor a part of it is left");
    let config = desk.json(&format!("{name}/config.json"));
    assert_eq!(config["architecture"], NETWORK);
    assert_eq!(config["num_classes"], CLASSES);
    let written = desk.read(&format!("{name}/model.safetensors"));
    let written = safetensors::SafeTensors::deserialize(&written).unwrap();
    assert_eq!(written.len(), file.0.len(), "without the batch counter");
    for entry in &file.0 {
        let tensor = written.tensor(&entry.name).unwrap();
        let values: Vec<u8> = entry.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!((tensor.shape(), tensor.data()), (&entry.shape[..], &values[..]), "{}", entry.name);
    }
    let own = model(Card::default(), weights());
    assert_eq!(opinion(&desk.load(&name)), opinion(&own));
    desk.models(&["fetch", &format!("{}/models/{name}.pth", server.url)]);
    assert_eq!(server.paths().len(), 1);
}

#[test]
fn a_file_of_another_network_is_told() {
    let server = one("/net.safetensors".into(), weights());
    let desk = Desk::new();
    let url = format!("{}/net.safetensors?download=true", server.url);
    desk.refuses(&["fetch", &url], &["not there (HTTP 404)"]);
    let url = format!("{}/net.safetensors", server.url);
    desk.refuses(&["fetch", &url, "--network", "resnet18"], &["fits MobileNetV2 ×0.25", "not ResNet-18"]);
    assert!(desk.names("net").is_empty());
    desk.models(&["fetch", &url, "--network", NETWORK]);
    assert_eq!(desk.read("net/model.safetensors"), weights());
    let hub = hub(weights());
    let arguments = ["fetch", "owner/net@v2", "--hub", &hub.url, "--network", NETWORK];
    desk.refuses(&arguments, &["a repository says its own"]);
}

#[test]
fn a_wrong_checksum_is_told_and_the_file_removed() {
    let pth = as_pth(&hashed(NETWORK, CLASSES));
    let server = one("/net-0123abcd.pth".into(), pth);
    let desk = Desk::new();
    let url = format!("{}/net-0123abcd.pth", server.url);
    desk.refuses(&["fetch", &url], &["wrong checksum", "must start with 0123abcd"]);
    assert!(desk.names("net-0123abcd").is_empty());

    // As torchvision's own files, whose mirror this is said to be, and as the hub's.
    let server = one("/mirror/squeezenet1_1-b8a52dc0.pth".into(), as_pth(&WeightFile(Vec::new())));
    let mirror = format!("{}/mirror/", server.url);
    let words = ["wrong checksum", "must start with b8a52dc0"];
    desk.refuses(&["fetch", "squeezenet1_1-imagenet-v1", "--mirror", &mirror], &words);
    assert_eq!(server.paths().len(), 1);
    assert!(desk.names("squeezenet1_1-imagenet-v1").is_empty());

    let (promised, sent) = (sha256(b"other"), weights());
    let server = Server::new(move |request| match request.path.as_str() {
        "/a/b/resolve/main/config.json" => Answer::body(config()),
        "/a/b/resolve/main/model.safetensors" => {
            Answer::body(sent.clone()).header("X-Linked-ETag", format!("\"{promised}\""))
        }
        _ => Answer::status(404),
    });
    desk.refuses(&["fetch", "a/b", "--hub", &server.url], &["wrong checksum", "damaged"]);
    assert!(desk.names("b").is_empty());
}

#[test]
fn a_date_in_a_name_is_no_checksum() {
    let server = one("/net-20240131.safetensors".into(), weights());
    let desk = Desk::new();
    desk.models(&["fetch", &format!("{}/net-20240131.safetensors", server.url)]);
    assert_eq!(
        desk.json("net-20240131/origin.json")["files"]["model.safetensors"]["sha256"],
        sha256(&weights())
    );
}

#[test]
fn a_repository_with_pytorch_weights_alone_is_read() {
    let pth = as_pth(&hashed(NETWORK, CLASSES));
    let server = Server::new(move |request| match request.path.rsplit('/').next().unwrap() {
        "config.json" => Answer::body(config()),
        "preprocessor_config.json" => {
            Answer::body(r#"{ "size": 96, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25] }"#)
        }
        "pytorch_model.bin" => Answer::body(pth.clone()),
        _ => Answer::status(404),
    });
    let desk = Desk::new();
    desk.models(&["fetch", "owner/net", "--hub", &server.url]);
    let names: Vec<Value> = desk.names("net").into_iter().map(Value::from).collect();
    assert_eq!(
        json!(names),
        json!(["config.json", "model.safetensors", "origin.json", "preprocessor_config.json"])
    );
    assert_eq!(desk.load("net").preprocessor().size, Size::square(96));
}
