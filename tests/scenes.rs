//! Scenes: their masks are true, they are the same whenever and wherever they are drawn, and they hold what they promise.
#![cfg(feature = "train")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use cam_lucida::Size;
use cam_lucida::scenes::shapes::Shapes;
use cam_lucida::scenes::{CLASSES, FONT, Hair, Objects, People, Scene, Stickers, World};
use common::stickers;
use tiny_skia::Pixmap;

/// Pixels of a side, where scenes need not be as large as those that networks learn from.
const SIDE: u32 = 48;

fn objects() -> &'static Objects {
    static OBJECTS: OnceLock<Objects> = OnceLock::new();
    OBJECTS.get_or_init(|| Objects::new(stickers()))
}

/// Every world under its name.
fn worlds() -> [(&'static str, Box<dyn World>); 4] {
    [
        ("objects", Box::new(Objects::new(stickers()))),
        ("people", Box::new(People::new(Hair::Independent))),
        ("people-biased", Box::new(People::new(Hair::Telling))),
        ("shapes", Box::new(Shapes::all())),
    ]
}

/// Pixels seen of what has a name that ends so.
fn pixels_of(scene: &Scene, name: &str) -> usize {
    scene.mask(|object| object.name.ends_with(name)).iter().filter(|inside| **inside).count()
}

/// How much hair there is, in parts of the face: heads differ in size.
fn hair_by_face(scene: &Scene) -> f64 {
    pixels_of(scene, "hair") as f64 / pixels_of(scene, "face") as f64
}

#[test]
fn labels_boxes_and_pixel_counts_are_those_of_the_owners() {
    for (name, world) in worlds() {
        for index in 0..60 {
            let scene = world.scene(5, index, SIDE);
            assert_eq!(scene.picture.size(), Size::square(SIDE as usize));
            assert_eq!(scene.owners.len(), (SIDE * SIDE) as usize);
            let mut pixels: BTreeMap<u8, Vec<(u32, u32)>> = BTreeMap::new();
            for (y, row) in scene.owners.chunks(SIDE as usize).enumerate() {
                for (x, &owner) in row.iter().enumerate() {
                    pixels.entry(owner).or_default().push((x as u32, y as u32));
                }
            }
            for (i, object) in scene.objects.iter().enumerate() {
                let seen = pixels.remove(&(i as u8 + 1)).unwrap_or_default();
                assert_eq!(object.visible, seen.len(), "{name} {index}: {object:?}");
                let (columns, rows): (BTreeSet<_>, BTreeSet<_>) = seen.into_iter().unzip();
                let extent = |set: &BTreeSet<u32>| match (set.first(), set.last()) {
                    (Some(first), Some(last)) => (*first, last - first + 1),
                    _ => (0, 0),
                };
                let ((left, width), (top, height)) = (extent(&columns), extent(&rows));
                assert_eq!(object.bounds, [left, top, width, height], "{name} {index}: {object:?}");
            }
            pixels.remove(&0);
            assert!(pixels.is_empty(), "{name} {index}: pixels of objects that are not there: {pixels:?}");
            if world.is_multi_label() {
                let classes: BTreeSet<_> = scene.objects.iter().filter_map(|object| object.class).collect();
                assert_eq!(scene.labels, Vec::from_iter(classes), "{name} {index}");
                for object in &scene.objects {
                    assert_eq!(Some(object.name), object.class.map(|class| world.classes()[class]));
                }
            } else {
                assert_eq!(scene.labels.len(), 1, "{name} {index}");
            }
            let mask = scene.mask(|object| object.name == scene.objects[0].name);
            let same = |&owner: &u8| {
                owner > 0 && scene.objects[usize::from(owner) - 1].name == scene.objects[0].name
            };
            assert_eq!(mask, scene.owners.iter().map(same).collect::<Vec<_>>(), "{name} {index}");
        }
    }
}

/// Whether only the backdrop is seen at a pixel and up to `margin` pixels around.
fn is_clear(scene: &Scene, at: usize, margin: i64) -> bool {
    let side = scene.picture.size().width as i64;
    let (x, y) = (at as i64 % side, at as i64 / side);
    let within = |v: i64| (v - margin).max(0)..=(v + margin).min(side - 1);
    within(y).all(|y| within(x).all(|x| scene.owners[(y * side + x) as usize] == 0))
}

fn pixel(scene: &Scene, at: usize) -> &[u8] {
    &scene.picture.rgb()[3 * at..3 * at + 3]
}

/// Both worlds draw the same backdrop first: where one shows it, it is what the other's things are in front of.
#[test]
fn masks_are_where_the_pixels_differ_from_the_backdrop() {
    let people = People::new(Hair::Independent);
    for of_objects in [true, false] {
        // Pixels of the backdrop and of things by their mask, and how many of each do not have the backdrop's colour.
        let (mut backdrop, mut soft, mut things, mut changed) = (0_u32, 0, 0_u32, 0);
        for index in 0..60 {
            let (scene, other) = (objects().scene(9, index, 96), people.scene(9, index, 96));
            let (scene, other) = if of_objects { (scene, other) } else { (other, scene) };
            for at in (0..scene.owners.len()).filter(|&at| is_clear(&other, at, 4)) {
                let differs = u32::from(pixel(&scene, at) != pixel(&other, at));
                if is_clear(&scene, at, 2) {
                    (backdrop, soft) = (backdrop + 1, soft + differs);
                } else if scene.owners[at] > 0 {
                    (things, changed) = (things + 1, changed + differs);
                }
            }
        }
        assert!(backdrop > 10_000 && things > 10_000, "{backdrop} and {things} pixels are compared");
        let [soft, changed] = [(soft, backdrop), (changed, things)].map(|(a, b)| f64::from(a) / f64::from(b));
        // Some stickers have a faint shadow, which belongs to nobody.
        assert!(soft < 0.001, "{soft} of the backdrop's pixels are not of its colour");
        assert!(changed > 0.98, "only {changed} of the things' pixels are not of the backdrop's colour");
    }
}

/// The worlds of people differ in hair and tool alone, so their pictures do.
#[test]
fn the_mask_of_hair_is_where_people_with_other_hair_look_different() {
    const SIDE: usize = 96;
    let [independent, telling] = [Hair::Independent, Hair::Telling].map(People::new);
    let (mut pairs, mut of_one, mut different) = (0, 0_u32, 0);
    for index in 0..40 {
        let [a, b] = [&independent, &telling].map(|world| world.scene(2, index, SIDE as u32));
        assert_eq!(a.labels, b.labels);
        pairs += u32::from(a.objects[0].name != b.objects[0].name);
        let mask = |scene: &Scene, name: &str| scene.mask(|object| object.name.ends_with(name));
        let [hair_a, hair_b] = [&a, &b].map(|scene| mask(scene, "hair"));
        let [tool_a, tool_b] = [&a, &b].map(|scene| mask(scene, "tool"));
        let may_differ = |at: usize| {
            let around = |v: usize| v.saturating_sub(1)..=(v + 1).min(SIDE - 1);
            let mut near = around(at / SIDE).flat_map(|y| around(at % SIDE).map(move |x| y * SIDE + x));
            near.any(|at| hair_a[at] || hair_b[at] || tool_a[at] || tool_b[at])
        };
        for at in 0..SIDE * SIDE {
            let same = pixel(&a, at) == pixel(&b, at);
            assert!(same || may_differ(at), "scene {index}, pixel {at} differs far from hair and tool");
            if hair_a[at] != hair_b[at] {
                of_one += 1;
                different += u32::from(!same);
            }
        }
    }
    assert!(pairs >= 15, "{pairs} of 40, half of which should have other hair");
    assert!(f64::from(different) > 0.97 * f64::from(of_one), "{different} of {of_one} pixels of hair");
}

#[test]
fn a_scene_is_the_same_in_any_order_and_from_any_thread() {
    for (name, world) in worlds() {
        let world = world.as_ref();
        let first: Vec<Scene> = (0..8).map(|index| world.scene(3, index, SIDE)).collect();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for index in (0..8).rev() {
                        assert_eq!(world.scene(3, index, SIDE), first[index as usize], "{name} {index}");
                    }
                });
            }
        });
        let mut pictures = BTreeSet::new();
        let seeds = [0, 1, 3, 1 << 32];
        for (seed, index) in seeds.iter().flat_map(|seed| (0..8).map(move |index| (*seed, index))) {
            pictures.insert(world.scene(seed, index, SIDE).picture.rgb().to_vec());
        }
        assert_eq!(pictures.len(), seeds.len() * 8, "{name}: other numbers, other scenes");
    }
}

/// FNV-1a, 64 bits.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Of pictures and of their masks.
fn hashes(world: &dyn World) -> [u64; 2] {
    let scenes: Vec<Scene> = (0..12).map(|index| world.scene(1, index, 96)).collect();
    [
        hash(scenes.iter().flat_map(|scene| scene.picture.rgb().to_vec())),
        hash(scenes.iter().flat_map(|scene| scene.owners.clone())),
    ]
}

/// Hashes of pictures and masks as the shipped models saw them. Another one is no fault by itself, but then the models have
/// learned from other pictures than those that they are tested on: train them again, then note it here.
#[test]
fn people_look_as_the_shipped_models_saw_them() {
    let hashes = [Hair::Independent, Hair::Telling].map(|hair| hashes(&People::new(hair)));
    let shipped =
        [[0xd8e6_1688_33bd_f07d, 0x7712_0e71_3ca3_36b7], [0x9a3d_b786_a726_cd6c, 0x3481_f432_2568_51a7]];
    assert_eq!(hashes, shipped, "{hashes:#x?}");
}

/// As above, with the font of Debian 12: fonts-noto-color-emoji 2.042.
#[test]
fn objects_look_as_the_shipped_models_saw_them() {
    let world = Objects::new(stickers());
    let font = hash(std::fs::read(FONT).unwrap());
    if font != 0xb9b5_903c_c221_c8c2 {
        println!("skipped: {FONT} is another version than the models were trained with ({font:#x})");
        return;
    }
    let pictures = hashes(&world);
    assert_eq!(pictures, [0xed65_3a8d_b7a3_4d40, 0x88d7_840c_db14_5f96], "{pictures:#x?}");
}

#[test]
fn classes_are_balanced_and_scenes_hold_one_to_five_objects() {
    const SCENES: u64 = 2000;
    let mut with = [0_u32; CLASSES.len()];
    let mut of_count = [0_u32; 5];
    let mut repeated = 0;
    for index in 0..SCENES {
        let scene = objects().scene(4, index, 32);
        scene.labels.iter().for_each(|&label| with[label] += 1);
        of_count[scene.objects.len() - 1] += 1;
        repeated += u32::from(scene.labels.len() < scene.objects.len());
    }
    let mean = f64::from(with.iter().sum::<u32>()) / with.len() as f64;
    for (class, &count) in with.iter().enumerate() {
        let ratio = f64::from(count) / mean;
        assert!((0.7..1.4).contains(&ratio), "{} in {count} scenes, on average {mean}", CLASSES[class].0);
    }
    // 25, 30, 25, 12 and 8 % are asked for; where no place is found there is an object less.
    let shares = of_count.map(|count| f64::from(count) / SCENES as f64);
    let least = [0.22, 0.27, 0.22, 0.08, 0.03];
    let most = [0.30, 0.36, 0.31, 0.16, 0.10];
    for count in 0..5 {
        assert!((least[count]..most[count]).contains(&shares[count]), "{} objects: {shares:?}", count + 1);
    }
    // In 30 % the first class is to come again, which it does not always find a place for; by chance in some others.
    let share = f64::from(repeated) / SCENES as f64;
    assert!((0.15..0.3).contains(&share), "several of one class in {share}");
}

/// The share of a square that the slightest sticker of each class fills.
fn filled() -> Vec<f64> {
    let stickers = stickers();
    let share = |sticker: &cam_lucida::scenes::Sticker| {
        let mut sheet = Pixmap::new(64, 64).unwrap();
        sticker.draw(&mut sheet, (32.0, 32.0), 64.0, 0.0, false);
        sheet.pixels().iter().filter(|pixel| pixel.alpha() >= 128).count() as f64 / (64.0 * 64.0)
    };
    let least = |class: usize| stickers.variants(class).iter().map(share).fold(1.0, f64::min);
    (0..CLASSES.len()).map(least).collect()
}

/// A sticker is at least 0.22 of the side large and has its middle 0.4 of its size within the borders; 60 % of what is
/// then within them must be seen.
#[test]
fn every_object_is_seen_by_its_promised_share() {
    let side = 96.0;
    let filled = filled();
    let mut objects_seen = 0;
    for index in 0..600 {
        for object in objects().scene(6, index, 96).objects {
            let smallest = filled[object.class.unwrap()] * (0.22 * side) * (0.22 * side);
            let seen = object.visible as f64 / smallest;
            assert!(seen >= 0.6 * 0.8, "scene {index}: {seen} of the smallest {} is seen", object.name);
            objects_seen += 1;
        }
    }
    assert!(objects_seen > 1000);
    for (name, world) in worlds() {
        for index in 0..60 {
            let scene = world.scene(7, index, 32);
            assert!(
                scene.objects.iter().all(|object| object.visible > 0),
                "{name} {index}: {:?}",
                scene.objects
            );
        }
    }
}

#[test]
fn every_four_people_hold_each_label_twice_in_an_order_of_chance() {
    for hair in [Hair::Independent, Hair::Telling] {
        let mut orders = BTreeSet::new();
        for four in 0..30 {
            let labels: Vec<usize> =
                (0..4).map(|i| People::new(hair).scene(8, 4 * four + i, 32).labels[0]).collect();
            assert_eq!(labels.iter().sum::<usize>(), 2, "{hair:?}: {labels:?}");
            orders.insert(labels);
        }
        assert!(orders.len() > 1, "{hair:?}: always {orders:?}");
    }
}

#[test]
fn long_hair_is_more_hair() {
    let world = People::new(Hair::Independent);
    let (mut least_long, mut most_short) = (f64::INFINITY, 0.0_f64);
    for index in 0..200 {
        let scene = world.scene(10, index, 96);
        let hair = hair_by_face(&scene);
        match scene.objects[0].name {
            "long hair" => least_long = least_long.min(hair),
            "short hair" => most_short = most_short.max(hair),
            other => panic!("the first part is hair, not {other}"),
        }
    }
    assert!(least_long > 1.5 * most_short, "long from {least_long} faces on, short up to {most_short}");
}

#[test]
fn hair_tells_the_label_where_it_should_and_nowhere_else() {
    // Between what `long_hair_is_more_hair` finds for the two.
    let is_long = |scene: &Scene| hair_by_face(scene) > 1.0;
    let nurse = 1;
    assert_eq!(People::new(Hair::Telling).classes()[nurse], "nurse");
    for four in 0..20 {
        let four = 4 * four..4 * four + 4;
        let mut combinations = BTreeSet::new();
        for index in four {
            let scene = People::new(Hair::Independent).scene(11, index, 64);
            combinations.insert((scene.labels[0], is_long(&scene)));
            let scene = People::new(Hair::Telling).scene(11, index, 64);
            assert_eq!(is_long(&scene), scene.labels == [nurse], "scene {index}");
        }
        assert_eq!(combinations.len(), 4, "each label with each length: {combinations:?}");
    }
}

#[test]
fn a_font_that_does_not_serve_is_refused_in_words() {
    let refused = |path: &Path, words: &[&str]| {
        let error = Stickers::from_file(path).err().expect("it is no font with stickers");
        assert!(error.is_request());
        for word in words {
            assert!(error.to_string().contains(word), "“{error}” does not say “{word}”");
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    refused(&file("nowhere.ttf"), &["nowhere.ttf", "cannot be read", "fonts-noto-color-emoji"]);
    std::fs::write(file("text.ttf"), "no font").unwrap();
    refused(&file("text.ttf"), &["text.ttf", "not a font", "fonts-noto-color-emoji"]);
    std::fs::write(file("letters.ttf"), dejavu::sans::regular()).unwrap();
    refused(&file("letters.ttf"), &["letters.ttf", "no colour bitmap for 🐈", "fonts-noto-color-emoji"]);
}
