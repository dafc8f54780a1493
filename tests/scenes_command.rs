//! `cam-lucida scenes` and `cam-lucida stickers` as their users meet them.
#![cfg(feature = "cli")]

#[path = "common/command.rs"]
mod command;
mod common;

use std::path::Path;

use cam_lucida::Size;
use cam_lucida::picture::Picture;
use cam_lucida::scenes::{CLASSES, Hair, Objects, People, World};
use command::cam_lucida;
use serde_json::Value;
use tempfile::TempDir;

/// What the command says when it refuses, with exit code 2.
fn refusal(arguments: &[&str], folder: &TempDir) -> String {
    let output = cam_lucida(arguments).current_dir(folder).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "{arguments:?} wrote something");
    said
}

#[test]
fn scenes_are_written_with_masks_and_json_that_agree() {
    const SIDE: u32 = 64;
    let worlds: [(&str, Box<dyn World>); 3] = [
        ("objects", Box::new(Objects::new(common::stickers()))),
        ("people", Box::new(People::new(Hair::Independent))),
        ("people-biased", Box::new(People::new(Hair::Telling))),
    ];
    for (name, world) in worlds {
        let folder = TempDir::new().unwrap();
        let arguments =
            ["scenes", "--world", name, "--count", "3", "--size", "64", "--seed", "9", "--output-dir", "out"];
        let output = cam_lucida(&arguments).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let out = folder.path().join("out");
        let read = |file: &str| std::fs::read(out.join(file)).unwrap();
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 7, "three pictures, three masks and their JSON");
        let about: Value = serde_json::from_slice(&read("scenes.json")).unwrap();
        assert_eq!((&about["seed"], &about["size"]), (&9.into(), &SIDE.into()));
        assert_eq!(about["classes"], serde_json::json!(world.classes()));
        let scenes = about["scenes"].as_array().unwrap();
        assert_eq!(scenes.len(), 3);
        for (i, scene) in scenes.iter().enumerate() {
            let files = [format!("scene-{i}.png"), format!("scene-{i}.mask.png")];
            assert_eq!([&scene["file"], &scene["mask"]], [&files[0], &files[1]]);
            let [picture, mask] = files.map(|file| Picture::decode(&read(&file)).unwrap());
            let drawn = world.scene(9, i as u64, SIDE);
            assert_eq!(picture, drawn.picture, "{name} {i}");
            assert_eq!(mask.size(), Size::square(SIDE as usize));
            let objects = scene["objects"].as_array().unwrap();
            assert_eq!(objects.len(), drawn.objects.len());
            let mut of_backdrop = (SIDE * SIDE) as usize;
            for (number, object) in objects.iter().enumerate() {
                let grey = [number as u8 + 1; 3];
                let at =
                    mask.rgb().chunks(3).enumerate().filter(|(_, pixel)| *pixel == grey).map(|(at, _)| at);
                let at: Vec<u32> = at.map(|at| at as u32).collect();
                assert_eq!(object["pixels"], at.len(), "{name} {i}: {object}");
                of_backdrop -= at.len();
                let range = |places: Vec<u32>| {
                    let (least, most) = (*places.iter().min().unwrap(), *places.iter().max().unwrap());
                    (least, most - least + 1)
                };
                let (left, width) = range(at.iter().map(|at| at % SIDE).collect());
                let (top, height) = range(at.iter().map(|at| at / SIDE).collect());
                assert_eq!(object["box"], serde_json::json!([left, top, width, height]), "{name} {i}");
                if let Some(class) = object["class_id"].as_u64() {
                    assert_eq!(object["name"], world.classes()[class as usize]);
                    assert!(scene["labels"].as_array().unwrap().contains(&object["name"]));
                }
            }
            let black = mask.rgb().chunks(3).filter(|pixel| *pixel == [0; 3]).count();
            assert_eq!(black, of_backdrop, "{name} {i}: no other grey");
            let labels: Vec<_> = drawn.labels.iter().map(|&class| world.classes()[class]).collect();
            assert_eq!(scene["labels"], serde_json::json!(labels), "{name} {i}");
        }
    }
}

#[test]
fn what_scenes_cannot_be_drawn_of_is_refused_in_words() {
    let folder = TempDir::new().unwrap();
    let said = refusal(&["scenes", "--world", "towns"], &folder);
    for word in ["towns", "objects", "people", "people-biased"] {
        assert!(said.contains(word), "{said}");
    }
    let said = refusal(&["scenes", "--size", "31"], &folder);
    assert!(said.contains("31") && said.contains("32 to 1024"), "{said}");
    for command in ["scenes", "stickers"] {
        let said = refusal(&[command, "--font", "nowhere.ttf"], &folder);
        assert!(said.contains("nowhere.ttf") && said.contains("fonts-noto-color-emoji"), "{said}");
    }
}

#[test]
fn people_need_no_font() {
    let folder = TempDir::new().unwrap();
    let arguments = ["scenes", "--world", "people", "--count", "1", "--font", "nowhere.ttf"];
    let output = cam_lucida(&arguments).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(folder.path().join("scenes/scene-0.png").exists());
}

#[test]
fn stickers_are_a_sheet_with_one_cell_of_each_class() {
    let folder = TempDir::new().unwrap();
    let output = cam_lucida(&["stickers", "--cell", "40"]).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |file: &str| std::fs::read(folder.path().join("stickers").join(file)).unwrap();
    let index: Value = serde_json::from_slice(&read("index.json")).unwrap();
    let (cell, columns) = (40, index["columns"].as_u64().unwrap() as u32);
    assert_eq!(index["cell"], cell);
    let names =
        index["stickers"].as_array().unwrap().iter().map(|sticker| sticker["class"].as_str().unwrap());
    assert!(names.eq(CLASSES.iter().map(|(name, _)| *name)));
    let sheet = image::load_from_memory(&read("sheet.png")).unwrap().to_rgba8();
    let rows = (CLASSES.len() as u32).div_ceil(columns);
    assert_eq!(sheet.dimensions(), (columns * cell, rows * cell));
    let mut cells = std::collections::BTreeSet::new();
    for (i, (name, _)) in CLASSES.iter().enumerate() {
        let (left, top) = (i as u32 % columns * cell, i as u32 / columns * cell);
        let pixels: Vec<[u8; 4]> =
            (0..cell * cell).map(|at| sheet.get_pixel(left + at % cell, top + at / cell).0).collect();
        let opaque = pixels.iter().filter(|pixel| pixel[3] >= 128).count();
        let clear = pixels.iter().filter(|pixel| pixel[3] == 0).count();
        assert!(opaque > 150 && clear > 100, "{name}: {opaque} opaque and {clear} clear of 1600");
        assert!(cells.insert(pixels), "{name} looks like another");
    }
}

/// It is packed more tightly than the command packs it, with a loss that nobody sees.
#[test]
fn the_sheet_of_the_page_looks_as_the_command_draws_it() {
    let folder = TempDir::new().unwrap();
    let output = cam_lucida(&["stickers"]).current_dir(&folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/stickers");
    let drawn = folder.path().join("stickers");
    let index = |folder: &Path| {
        serde_json::from_slice::<Value>(&std::fs::read(folder.join("index.json")).unwrap()).unwrap()
    };
    assert_eq!(index(&page), index(&drawn));
    let on_white = |file: &Path| {
        let sheet = image::open(file).unwrap().to_rgba8();
        let seen = |pixel: &image::Rgba<u8>| {
            let [rgb @ .., alpha] = pixel.0.map(f64::from);
            rgb.map(|value| 255.0 + (value - 255.0) * alpha / 255.0)
        };
        (sheet.dimensions(), sheet.pixels().flat_map(seen).collect::<Vec<_>>())
    };
    let (size, page) = on_white(&page.join("sheet.webp"));
    let (drawn_size, drawn) = on_white(&drawn.join("sheet.png"));
    assert_eq!(size, drawn_size);
    let differences = page.iter().zip(&drawn).map(|(page, drawn)| (page - drawn).abs());
    let (worst, sum) = differences.fold((0.0, 0.0), |(worst, sum), one| (one.max(worst), sum + one));
    let mean = sum / page.len() as f64;
    assert!(
        worst < 16.0 && mean < 0.8,
        "{worst} at most, {mean} in the mean: CONTRIBUTING says how to make it anew"
    );
}
