//! Captions: the grammar, on boards made by hand; every caption is true; the vocabulary holds every word.
#![cfg(feature = "train")]

use cam_lucida::scenes::captions::{Caption, GAP, MARGIN, Role, caption, described, words};
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, KINDS, Shapes, Thing};

/// A thing by its words, such as "red car", with its middle and the side of a square of its area.
fn thing(words: &str, x: f32, y: f32, side: f32) -> Thing {
    let (colour, kind) = words.split_once(' ').unwrap();
    let at = |names: &[&str], word: &str| names.iter().position(|name| *name == word).unwrap();
    let thing = Thing::new(at(&KINDS, kind), at(&COLOURS, colour), [x, y], 1.0);
    Thing { size: side / thing.area().sqrt(), ..thing }
}

fn board(things: &[(&str, f32, f32, f32)]) -> Arrangement {
    Arrangement::from_things(
        things.iter().map(|(words, x, y, side)| thing(words, *x, *y, *side)).collect(),
        96,
    )
}

#[test]
fn captions_of_boards_made_by_hand() {
    let car = ("red car", 0.2, 0.5, 0.4);
    type Case<'a> = (&'a [(&'a str, f32, f32, f32)], &'a str);
    let cases: [Case; 13] = [
        (&[], ""),
        (&[car], "a red car"),
        (&[("orange fish", 0.5, 0.5, 0.3), ("orange fish", 0.2, 0.5, 0.2)], "two orange fish"),
        (&[("orange hat", 0.5, 0.5, 0.3)], "an orange hat"),
        (&[("blue ball", 0.7, 0.5, 0.2), car], "a red car left of a blue ball"),
        (&[("blue ball", 0.0, 0.5, 0.2), car], "a red car right of a blue ball"),
        (&[("blue ball", 0.3, 0.9, 0.2), car], "a red car above a blue ball"),
        (&[("blue ball", 0.3, 0.2, 0.2), car], "a red car below a blue ball"),
        (&[("blue ball", 0.3, 0.59, 0.2), car], "a red car with a blue ball"),
        // Left of one, but not of the other.
        (&[("blue ball", 0.8, 0.5, 0.2), ("blue ball", 0.2, 0.5, 0.1), car], "a red car with two blue balls"),
        (
            &[("green hat", 0.9, 0.1, 0.1), ("blue ball", 0.7, 0.5, 0.2), ("blue ball", 0.8, 0.9, 0.2), car],
            "a red car left of two blue balls and a green hat",
        ),
        // The hat's place counts too.
        (
            &[("green hat", 0.1, 0.5, 0.1), ("blue ball", 0.7, 0.5, 0.2), car],
            "a red car with a blue ball and a green hat",
        ),
        // The largest thing of a group decides, not the sum; the smallest group of four is left out; of two relations that
        // hold, the wider one is told.
        (
            &[
                ("white cup", 0.9, 0.9, 0.10),
                ("black kite", 0.7, 0.5, 0.20),
                ("black kite", 0.8, 0.6, 0.21),
                ("black kite", 0.7, 0.7, 0.22),
                ("green hat", 0.35, 0.9, 0.30),
                ("red car", 0.2, 0.2, 0.32),
            ],
            "a red car above a green hat and three black kites",
        ),
    ];
    for (things, expected) in cases {
        assert_eq!(caption(&board(things)).to_string(), expected, "{things:?}");
    }
}

/// Numbers go on to six; a page's board may hold more.
#[test]
fn many_things_are_many() {
    let rows = |count: usize| -> String {
        let at = |i: usize| thing("red shoe", 0.1 * i as f32, 0.5, 0.1);
        caption(&Arrangement::from_things((0..count).map(at).collect(), 96)).to_string()
    };
    let numbers = ["a red shoe", "two red shoes", "three red shoes", "four red shoes", "five red shoes"];
    assert_eq!([1, 2, 3, 4, 5].map(rows), numbers);
    assert_eq!([6, 7, 9].map(rows), ["six red shoes", "many red shoes", "many red shoes"]);
}

#[test]
fn words_speak_of_their_things() {
    let Caption { words, roles, objects, groups } = caption(&board(&[
        ("green hat", 0.9, 0.1, 0.1),
        ("blue ball", 0.7, 0.5, 0.2),
        ("red car", 0.2, 0.5, 0.4),
        ("blue ball", 0.8, 0.9, 0.2),
    ]));
    let spoken = |word: &str| {
        let at = words.iter().position(|other| other == word).unwrap();
        (roles[at], objects[at].as_slice())
    };
    assert_eq!(spoken("car"), (Role::Kind, &[2][..]));
    assert_eq!(spoken("left"), (Role::Relation, &[0, 1, 2, 3][..]));
    assert_eq!(spoken("of"), (Role::Relation, &[0, 1, 2, 3][..]));
    assert_eq!(spoken("two"), (Role::Number, &[1, 3][..]));
    assert_eq!(spoken("blue"), (Role::Colour, &[1, 3][..]));
    assert_eq!(spoken("and"), (Role::Link, &[][..]));
    assert_eq!(spoken("hat"), (Role::Kind, &[0][..]));
    let ranges: Vec<_> = groups.iter().map(|group| words[group.words.clone()].join(" ")).collect();
    assert_eq!(ranges, ["a red car", "two blue balls", "a green hat"]);
    assert_eq!(groups[1].objects, [1, 3]);
}

/// Every caption of drawn scenes tells what is there: groups are whole, and each relation holds between all pairs.
#[test]
fn captions_are_true() {
    let mut with = 0.0;
    let mut relations = 0.0;
    for index in 0..1500 {
        let arrangement = Shapes::all().arrangement(3, index, 8);
        let things = &arrangement.things;
        let caption = caption(&arrangement);
        assert!(!caption.tokens().contains(&1), "{caption}: every word is known");
        assert!((1..=3).contains(&caption.groups.len()));
        for group in &caption.groups {
            let is_of = |thing: &Thing| (thing.kind, thing.colour) == (group.kind, group.colour);
            let there: Vec<usize> = (0..things.len()).filter(|i| is_of(&things[*i])).collect();
            assert_eq!(group.objects, there, "{caption}");
        }
        let Some(at) = caption.roles.iter().position(|role| *role == Role::Relation) else { continue };
        let [first, others @ ..] = &caption.groups[..] else { panic!("a relation needs groups") };
        relations += 1.0;
        for of in first.objects.iter().map(|i| things[*i].centre) {
            for from in others.iter().flat_map(|group| &group.objects).map(|i| things[*i].centre) {
                let gap = match caption.words[at].as_str() {
                    "left" => from[0] - of[0],
                    "right" => of[0] - from[0],
                    "above" => from[1] - of[1],
                    "below" => of[1] - from[1],
                    _ => f32::INFINITY,
                };
                assert!(gap >= 0.12, "{caption}: {things:?}");
            }
        }
        with += f64::from(u8::from(caption.words[at] == "with"));
    }
    println!("{relations} relations, {with} of them are \"with\"");
    assert!(with / relations < 0.4, "{with} of {relations} captions tell no direction");
}

#[test]
fn the_vocabulary_is_small_and_sorted() {
    assert_eq!(words()[..4], ["<pad>", "<unknown>", "<start>", "<end>"]);
    assert!(words()[4..].is_sorted());
    assert!(words().len() <= 64, "{} words", words().len());
}

/// By how far each thing that one group names lies from each of another: right, left, below, above.
fn gaps(things: &[Thing], of: &[usize], from: &[usize]) -> [f32; 4] {
    let least = |axis: usize, sign: f32| {
        let pairs = of.iter().flat_map(|of| from.iter().map(move |from| (of, from)));
        pairs
            .map(|(of, from)| sign * (things[*of].centre[axis] - things[*from].centre[axis]))
            .fold(f32::MAX, f32::min)
    };
    [least(0, 1.0), least(0, -1.0), least(1, 1.0), least(1, -1.0)]
}

#[test]
fn what_is_described_has_a_plain_relation() {
    let shapes = Shapes::training();
    let told = ["right", "left", "below", "above"];
    let mut as_numbered = 0;
    for index in 0..200 {
        let (arrangement, said) = described(&shapes, 5, index, 96);
        assert_eq!(said, caption(&arrangement));
        as_numbered += usize::from(arrangement == shapes.arrangement(5, index, 96));
        let [first, second, ..] = &said.groups[..] else { continue };
        let others: Vec<usize> = said.groups[1..].iter().flat_map(|group| group.objects.clone()).collect();
        let relation = &said.words[first.words.end];
        for from in [&others, &second.objects] {
            let gaps = gaps(&arrangement.things, &first.objects, from);
            match told.iter().position(|word| word == relation) {
                None => assert!(gaps.iter().all(|gap| *gap < GAP), "{said}: {gaps:?}"),
                Some(at) => {
                    let other =
                        (0..4).filter(|other| *other != at).map(|other| gaps[other]).fold(GAP, f32::max);
                    assert!(gaps[at] >= GAP && gaps[at] >= other, "{said}: {gaps:?}");
                }
            }
        }
        let mut gaps = gaps(&arrangement.things, &first.objects, &others);
        gaps.sort_by(|a, b| b.total_cmp(a));
        let clear = if gaps[0] >= GAP { gaps[0] - gaps[1].max(GAP) } else { GAP - gaps[0] };
        assert!(clear >= MARGIN, "{said}: {gaps:?}");
    }
    assert!((80..140).contains(&as_numbered), "{as_numbered} of 200 scenes are described as they are");
}
