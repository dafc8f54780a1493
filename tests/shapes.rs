//! Scenes of shapes: each thing shows its colour and stands out, and scenes hold what they promise.
#![cfg(feature = "train")]

use std::collections::BTreeSet;
use std::path::Path;

use cam_lucida::picture::Picture;
use cam_lucida::scenes::captions::{caption, described};
use cam_lucida::scenes::questions::{Question, Questions};
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, HELD_OUT_PAIRS, KINDS, Shapes, Thing};

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..KINDS.len()).flat_map(|kind| (0..COLOURS.len()).map(move |colour| (kind, colour)))
}

/// The pixels of thing `at`.
fn pixels(board: &Arrangement, at: usize) -> Vec<[u8; 3]> {
    let rgb = board.scene.picture.rgb().chunks_exact(3).map(|p| [p[0], p[1], p[2]]);
    let owned = rgb.zip(&board.scene.owners).filter(|(_, owner)| usize::from(**owner) == at + 1);
    owned.map(|(pixel, _)| pixel).collect()
}

/// The largest difference of a channel.
fn distance(a: [u8; 3], b: [u8; 3]) -> u8 {
    (0..3).map(|c| a[c].abs_diff(b[c])).max().unwrap()
}

/// A colour is seen in light, or in a shadow of four fifths.
fn is_of_colour(pixel: [u8; 3], rgb: [u8; 3]) -> bool {
    (78..=101).any(|share| {
        let lit = rgb.map(|v| (u32::from(v) * share / 100).min(255) as u8);
        distance(pixel, lit) <= 16
    })
}

#[test]
fn each_kind_shows_each_colour_on_seven_tenths_of_its_pixels() {
    let mut shares = Vec::new();
    for (kind, colour) in pairs() {
        let thing = Thing::new(kind, colour, [0.5, 0.5], 0.9);
        let board = Arrangement::from_things(vec![thing.clone()], 300);
        let pixels = pixels(&board, 0);
        let shown = pixels.iter().filter(|pixel| is_of_colour(**pixel, thing.rgb)).count();
        shares.push((shown as f64 / pixels.len() as f64, format!("{} {}", COLOURS[colour], KINDS[kind])));
    }
    shares.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("{:.3?}", &shares[..10]);
    assert!(shares[0].0 >= 0.7, "{:.3?}", &shares[..10]);
}

#[test]
fn area_is_what_is_drawn() {
    let mut wrong = Vec::new();
    for (kind, name) in KINDS.iter().enumerate() {
        for degrees in [0.0, 12.0] {
            let thing = Thing { degrees, ..Thing::new(kind, 0, [0.5, 0.5], 0.8) };
            let board = Arrangement::from_things(vec![thing.clone()], 256);
            let drawn = board.scene.objects[0].visible as f32 / (256.0 * 256.0);
            if (thing.area() / drawn - 1.0).abs() > 0.03 {
                wrong.push(format!("{name} fills {:.3}", drawn / 0.64));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The box is what it says: a kind fills it in one direction, in the middle in both.
#[test]
fn each_kind_fills_its_box() {
    for (kind, name) in KINDS.iter().enumerate() {
        let board = Arrangement::from_things(vec![Thing::new(kind, 0, [0.5, 0.5], 0.5)], 400);
        let [left, top, width, height] = board.scene.objects[0].bounds.map(f64::from);
        // Units of the box, of which the picture shows 200.
        let middle = [left + width / 2.0, top + height / 2.0].map(|at| at / 2.0 - 50.0);
        let extent = width.max(height) / 2.0;
        assert!((95.0..=104.0).contains(&extent), "{name}: {extent}");
        assert!(middle.iter().all(|at| (at - 50.0).abs() <= 2.0), "{name}: {middle:?}");
    }
}

/// In front of nothing but its own colour, and in front of black and white, a line around each thing is seen.
#[test]
fn each_thing_stands_out_from_every_colour() {
    let house = KINDS.iter().position(|kind| *kind == "house").unwrap();
    for (kind, colour) in pairs() {
        for behind in [colour, 6, 7] {
            // The empty wall of a house beyond the picture's borders.
            let wall = Thing::new(house, behind, [0.5, -0.1], 12.0);
            let thing = Thing::new(kind, colour, [0.5, 0.5], 0.3);
            let board = Arrangement::from_things(vec![wall.clone(), thing], 96);
            let plain = pixels(&board, 0).iter().filter(|pixel| distance(**pixel, wall.rgb) == 0).count();
            assert!(plain > 96 * 96 / 2, "the wall is of one colour");
            let pixels = pixels(&board, 1);
            let seen = pixels.iter().filter(|pixel| distance(**pixel, wall.rgb) > 40).count();
            let share = seen as f64 / pixels.len() as f64;
            let name = format!("{} {}", COLOURS[colour], KINDS[kind]);
            assert!(share > 0.1, "{name} on {}: {share:.3} of it is seen", COLOURS[behind]);
        }
    }
}

/// The side of a square of the thing's area.
fn side(thing: &Thing) -> f32 {
    thing.area().sqrt()
}

#[test]
fn scenes_hold_two_to_six_things_large_enough_and_visible() {
    const SCENES: u64 = 600;
    let mut of_count = [0; 7];
    let mut least = f64::INFINITY;
    for index in 0..SCENES {
        let arrangement = Shapes::training().arrangement(5, index, 96);
        of_count[arrangement.things.len()] += 1;
        for (thing, object) in arrangement.things.iter().zip(&arrangement.scene.objects) {
            assert_eq!(object.class, Some(thing.kind * COLOURS.len() + thing.colour));
            assert_eq!(object.name, format!("{} {}", COLOURS[thing.colour], KINDS[thing.kind]));
            assert!(side(thing) >= 0.16 && side(thing) <= 0.45, "scene {index}: {thing:?}");
            let alone = Arrangement::from_things(vec![thing.clone()], 96).scene.objects[0].visible;
            least = least.min(object.visible as f64 / alone as f64);
        }
    }
    assert!(least >= 0.6, "{least:.3} of a thing is visible");
    assert_eq!(of_count[..2], [0, 0]);
    assert!(of_count[2..].iter().all(|count| *count > SCENES as u32 / 20), "{of_count:?}");
}

/// In this scene, two large things would find no room beside each other.
#[test]
fn a_scene_whose_things_find_no_room_is_drawn_anew() {
    assert!(Shapes::training().arrangement(8, 15_865, 96).things.len() >= 2);
}

#[test]
fn sizes_differ_so_that_their_order_is_plain() {
    for index in 0..300 {
        let things = Shapes::all().arrangement(6, index, 8).things;
        let mut sides: Vec<f32> = things.iter().map(side).collect();
        sides.sort_by(f32::total_cmp);
        assert!(sides.windows(2).all(|pair| pair[1] > 1.11 * pair[0]), "scene {index}: {sides:?}");
    }
}

#[test]
fn two_of_five_scenes_repeat_a_kind_mostly_in_various_colours() {
    const SCENES: u64 = 3000;
    let (mut repeated, mut various, mut times) = (0.0, 0.0, [0; 7]);
    for index in 0..SCENES {
        let things = Shapes::training().arrangement(7, index, 8).things;
        let of = |kind: usize| things.iter().filter(move |thing| thing.kind == kind);
        let most = (0..KINDS.len()).max_by_key(|kind| of(*kind).count()).unwrap();
        let count = of(most).count();
        times[count] += 1;
        if count > 1 {
            repeated += 1.0;
            let colours: BTreeSet<usize> = of(most).map(|thing| thing.colour).collect();
            various += f64::from(u8::from(colours.len() > 1));
        }
    }
    println!("{repeated} repeated, {various} in various colours, {times:?}");
    assert!((repeated / SCENES as f64 - 0.4).abs() < 0.03, "{repeated} of {SCENES} scenes");
    assert!(various / repeated > 0.7, "{various} of {repeated}");
    assert!(times[2..=5].iter().all(|count| *count > 60), "{times:?}");
    assert_eq!(times[6], 0);
}

#[test]
fn held_out_pairs_are_in_no_training_scene_and_in_every_scene_of_theirs() {
    let kinds: BTreeSet<usize> = HELD_OUT_PAIRS.iter().map(|pair| pair.0).collect();
    let colours: BTreeSet<usize> = HELD_OUT_PAIRS.iter().map(|pair| pair.1).collect();
    assert_eq!((kinds.len(), colours.len()), (8, 8), "the rest stays balanced");
    let seen = |shapes: &Shapes, index: u64| -> BTreeSet<(usize, usize)> {
        shapes.arrangement(8, index, 8).things.iter().map(|thing| (thing.kind, thing.colour)).collect()
    };
    let held_out: BTreeSet<_> = HELD_OUT_PAIRS.into_iter().collect();
    let [mut trained, mut all] = [BTreeSet::new(), BTreeSet::new()];
    for index in 0..2000 {
        trained.append(&mut seen(&Shapes::training(), index));
        all.append(&mut seen(&Shapes::all(), index));
        assert!(!seen(&Shapes::held_out(), index).is_disjoint(&held_out), "scene {index}");
    }
    assert_eq!(all.len(), 128);
    assert_eq!(trained, all.difference(&held_out).copied().collect());
}

/// So a scene of the page's size asks the same questions as one of the network's.
#[test]
fn things_are_the_same_at_every_size() {
    for index in 0..20 {
        let [small, large] = [8, 300].map(|side| Shapes::all().arrangement(9, index, side).things);
        assert_eq!(small, large);
    }
}

/// What the page paints is compared with this picture (`tests/browser/shapes.spec.mjs`).
const PAINTED: &str = "tests/fixtures/pictures/shapes.png";
const WRITE: &str = "CAM_LUCIDA_WRITE";

#[test]
fn the_page_is_compared_with_what_the_library_draws() {
    let thing = |kind: usize| {
        let at = |cell: usize| (cell as f32 + 0.5) / 4.0;
        let degrees = 15.0 * (kind as f32 % 3.0 - 1.0);
        Thing { degrees, ..Thing::new(kind, kind % COLOURS.len(), [at(kind % 4), at(kind / 4)], 0.22) }
    };
    let drawn = Arrangement::from_things((0..KINDS.len()).map(thing).collect(), 384).scene.picture;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAINTED);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, drawn.to_png()).unwrap();
    }
    let painted = Picture::decode(&std::fs::read(&path).unwrap_or_default());
    let same = painted.is_ok_and(|painted| painted == drawn);
    assert!(same, "{PAINTED} is stale; run `{WRITE}=1 cargo test --test shapes` to draw it again");
}

/// The networks of language have learned these scenes, questions and captions. When one of them changes, they learn anew.
#[test]
fn scenes_questions_and_captions_are_those_that_the_networks_learned() {
    use sha2::{Digest, Sha256};
    let (mut seen, mut taught) = (Sha256::new(), Sha256::new());
    for shapes in [Shapes::training(), Shapes::all(), Shapes::held_out()] {
        for index in 0..4 {
            let arrangement = shapes.arrangement(9, index, 96);
            seen.update(arrangement.scene.picture.rgb());
            seen.update(caption(&arrangement).to_string());
            taught.update(arrangement.scene.picture.rgb());
            for question in Questions::new(&shapes).draw(&arrangement, 9, index, 4) {
                let Question { text, answers, targets, first, .. } = question;
                seen.update(format!("{text} {answers:?}"));
                taught.update(format!("{text} {answers:?} {targets:?} {first:?}"));
            }
            for (arrangement, caption) in
                [(arrangement.clone(), caption(&arrangement)), described(&shapes, 9, index, 96)]
            {
                taught.update(arrangement.scene.picture.rgb());
                taught.update(format!("{caption} {:?} {:?}", caption.roles, caption.objects));
            }
        }
    }
    // What they are shown and say; and of which things it speaks, where they are to look, and the plain scenes of captions.
    let found = [seen, taught]
        .map(|hash| hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>());
    assert_eq!(
        found,
        ["f97ecfc102f26569", "8e296401c13190bc"],
        "when this is meant, train the networks of language anew"
    );
}
