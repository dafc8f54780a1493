//! Questions: the executor on boards made by hand, the reader of typed texts, and the balance of what is drawn.
#![cfg(feature = "train")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use cam_lucida::scenes::questions::{
    ANSWERS, NO, Program, Question, QuestionType, Questions, YES, parse, read, synonym, tokens, words,
};
use cam_lucida::scenes::shapes::{Arrangement, COLOURS, HELD_OUT_PAIRS, KINDS, Shapes, Thing};
use strum::IntoEnumIterator;

/// A thing by its words, such as "red car", with its middle and the side of a square of its area.
fn thing(words: &str, x: f32, y: f32, side: f32) -> Thing {
    let (colour, kind) = words.split_once(' ').unwrap();
    let at = |names: &[&str], word: &str| names.iter().position(|name| *name == word).unwrap();
    let thing = Thing::new(at(&KINDS, kind), at(&COLOURS, colour), [x, y], 1.0);
    Thing { size: side / thing.area().sqrt(), ..thing }
}

/// Two hydrants in a row, a large car below them in the middle, a small cup in the lower left corner.
fn board() -> Arrangement {
    let things = vec![
        thing("red hydrant", 0.2, 0.3, 0.25),
        thing("yellow hydrant", 0.8, 0.3, 0.26),
        thing("blue car", 0.5, 0.75, 0.32),
        thing("red cup", 0.12, 0.9, 0.16),
    ];
    Arrangement::from_things(things, 96)
}

/// Answers with their shares in percent, and targets, as words: "red 50 yellow 50: 0 1".
fn told(program: Program, arrangement: &Arrangement) -> String {
    let Some(outcome) = program.execute(arrangement) else { return "nothing".into() };
    let answers = outcome.answers.iter();
    let answers: Vec<_> =
        answers.map(|(answer, share)| format!("{} {:.0}", ANSWERS[*answer], 100.0 * share)).collect();
    let targets: Vec<_> = outcome.targets.iter().map(ToString::to_string).collect();
    format!("{}: {}", answers.join(" "), targets.join(" ")).trim().to_string()
}

#[test]
fn questions_about_a_board_made_by_hand() {
    let cases = [
        // Colour.
        ("what color is the car?", "blue 100: 2"),
        ("what color is the hydrant?", "red 50 yellow 50: 0 1"),
        ("which colour does the mug have?", "red 100: 3"),
        ("what is the color of the fish?", "nothing"),
        // Exist.
        ("is there a red hydrant?", "yes 100: 0"),
        ("is there a blue hydrant?", "no 100:"),
        ("do you see an automobile?", "yes 100: 2"),
        ("is the car red?", "no 100:"),
        ("are there any red things?", "yes 100: 0 3"),
        // Count.
        ("how many hydrants are there?", "2 100: 0 1"),
        ("how many red things do you see?", "2 100: 0 3"),
        ("how many red hydrants are there?", "1 100: 0"),
        ("how many kites are in the picture?", "0 100:"),
        ("how many things are there?", "4 100: 0 1 2 3"),
        // Kind.
        ("what is the blue thing?", "car 100: 2"),
        ("what is yellow?", "hydrant 100: 1"),
        ("which object is red?", "hydrant 50 cup 50: 0 3"),
        ("what is the purple thing?", "nothing"),
        // Neighbour.
        ("what is left of the car?", "cup 100: 3"),
        ("what is to the left of the yellow hydrant?", "hydrant 100: 0"),
        ("what is above the cup?", "hydrant 100: 0"),
        ("what is above the car?", "hydrant 100: 0 1"),
        ("what is above the red hydrant?", "nothing"),
        ("what is below the red hydrant?", "car 50 cup 50: 2 3"),
        ("which thing is under the yellow hydrant?", "car 100: 2"),
        ("what is right of the red hydrant?", "hydrant 100: 1"),
        ("what is left of the hydrant?", "nothing"),
        // Size.
        ("what is the largest thing?", "car 100: 2"),
        ("what is the tiniest object?", "cup 100: 3"),
        ("what is the biggest red thing?", "hydrant 100: 0"),
        // Side.
        ("is the car right of the cup?", "yes 100: 2"),
        ("is the car to the left of the mug?", "no 100:"),
        ("is the red hydrant above the car?", "yes 100: 0"),
        ("is the yellow hydrant below the red cup?", "no 100:"),
        ("is the hydrant left of the car?", "nothing"),
        ("is the car left of the car?", "nothing"),
    ];
    let board = board();
    for (text, expected) in cases {
        let program = parse(text).unwrap_or_else(|| panic!("{text} is not understood"));
        assert_eq!(told(program, &board), expected, "{text}");
    }
}

/// Forty degrees to each side: beyond them, nothing lies left or right.
#[test]
fn a_neighbour_lies_in_a_cone() {
    for (degrees, is_neighbour) in
        [(0.0_f32, true), (38.0, true), (-38.0, true), (42.0, false), (-42.0, false)]
    {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let things =
            vec![thing("red car", 0.5, 0.5, 0.2), thing("blue ball", 0.5 + 0.4 * cos, 0.5 + 0.4 * sin, 0.2)];
        let board = Arrangement::from_things(things, 96);
        let right = told(parse("what is right of the car").unwrap(), &board);
        assert_eq!(right, if is_neighbour { "ball 100: 1" } else { "nothing" }, "{degrees}");
        assert_eq!(told(parse("what is left of the car").unwrap(), &board), "nothing");
    }
}

#[test]
fn more_than_five_things_have_no_number() {
    let row = |count: usize| {
        let at = |i: usize| thing("red shoe", 0.1 * i as f32, 0.5, 0.1);
        Arrangement::from_things((0..count).map(at).collect(), 96)
    };
    let program = parse("how many shoes are there?").unwrap();
    assert_eq!(told(program, &row(5)), "5 100: 0 1 2 3 4");
    assert_eq!(told(program, &row(6)), "nothing");
}

#[test]
fn texts_are_read_whatever_their_case_punctuation_and_synonyms() {
    let same = [
        ["what color is the hydrant?", "What COLOUR is the fire-hydrant", "what's the hue of the hydrants"],
        ["is there a red car?", "do you see any crimson automobiles ?!", "Is the car red?"],
        ["how many cups are there?", "number of mugs", "count the teacups"],
        [
            "what is left of the boat?",
            "which item is on the left side of the sailboat",
            "what is left the ship",
        ],
        ["is the house above the seat?", "is the home over the chair", "Does the house stand above a stool?"],
        ["what is the largest thing?", "which is the biggest", "what is the biggest thing in the picture"],
        ["what is the purple thing?", "what is violet", "Which object is purple?"],
    ];
    for [text, others @ ..] in same {
        let program = parse(text);
        assert!(program.is_some(), "{text}");
        for other in others {
            assert_eq!(parse(other), program, "{other}");
        }
    }
    for text in
        ["", "why?", "red", "what color", "is there a red blue car?", "is there a car and a boat?", "left of"]
    {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn words_that_are_not_known_are_listed() {
    let reading = read("What color is the shiny zebra?");
    assert_eq!(reading.unknown, ["shiny", "zebra"]);
    assert_eq!(reading.program, None);
    let reading = read("How many scarlet hydrants are there?");
    assert_eq!(reading.unknown, ["scarlet"]);
    assert_eq!(synonym("scarlet"), Some("red"));
    assert_eq!(reading.program, parse("how many red hydrants are there?"));
    assert_eq!(read("how many red hydrants are there").unknown, [""; 0]);
}

#[test]
fn the_vocabulary_is_small_and_sorted() {
    assert_eq!(words()[..2], ["<pad>", "<unknown>"]);
    assert!(words()[2..].is_sorted());
    println!("{} words: {:?}", words().len(), words());
    assert!(words().len() <= 112, "{} words", words().len());
    assert_eq!(tokens("the Zebra"), [tokens("the")[0], 1]);
}

/// What a question is about.
struct Drawn {
    arrangement: Arrangement,
    questions: Vec<Question>,
}

/// 5,000 training scenes with four questions each.
fn drawn() -> &'static [Drawn] {
    static DRAWN: OnceLock<Vec<Drawn>> = OnceLock::new();
    DRAWN.get_or_init(|| {
        let shapes = Shapes::training();
        let draw = |index| {
            let arrangement = shapes.arrangement(11, index, 32);
            let questions = Questions::new(&shapes).draw(&arrangement, 11, index, 4);
            Drawn { arrangement, questions }
        };
        (0..5000).map(draw).collect()
    })
}

fn questions() -> impl Iterator<Item = &'static Question> {
    drawn().iter().flat_map(|drawn| &drawn.questions)
}

/// In bits.
fn entropy(counts: impl IntoIterator<Item = f64>) -> f64 {
    let counts: Vec<f64> = counts.into_iter().filter(|count| *count > 0.0).collect();
    let sum: f64 = counts.iter().sum();
    counts.iter().map(|count| -count / sum * (count / sum).log2()).sum()
}

#[test]
fn types_have_their_shares_and_answers_are_balanced() {
    let shares = [
        (QuestionType::Colour, 0.22, 8),
        (QuestionType::Exist, 0.12, 2),
        (QuestionType::Count, 0.16, 6),
        (QuestionType::Kind, 0.10, 16),
        (QuestionType::Neighbour, 0.18, 16),
        (QuestionType::Size, 0.10, 16),
        (QuestionType::Side, 0.12, 2),
    ];
    let total = questions().count() as f64;
    assert_eq!(total, 20_000.0);
    let mut wrong = Vec::new();
    for (kind, share, possible) in shares {
        let mut counts = vec![0.0; ANSWERS.len()];
        let of_type: Vec<_> = questions().filter(|question| question.kind == kind).collect();
        for (answer, part) in of_type.iter().flat_map(|question| &question.answers) {
            counts[*answer] += f64::from(*part);
        }
        let found = of_type.len() as f64 / total;
        let evenness = entropy(counts.iter().copied()) / f64::from(possible).log2();
        let named = counts.iter().zip(ANSWERS).filter(|(count, _)| **count > 0.0);
        let named: Vec<_> =
            named.map(|(count, answer)| format!("{answer} {:.3}", count / of_type.len() as f64)).collect();
        println!("{kind}: share {found:.4}, entropy {evenness:.4}, {}", named.join(", "));
        assert!(named.len() == possible as usize, "{kind}: {named:?}");
        if (found - share).abs() > 0.01 || evenness < 0.97 {
            wrong.push((kind, found, evenness));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// What the words alone tell: the commonest answer to each program, taken as the guess, on questions it was not counted on.
#[test]
fn words_alone_answer_few_questions() {
    let mut seen: BTreeMap<String, BTreeMap<usize, u32>> = BTreeMap::new();
    let (mut right, mut asked) = (0.0, 0.0);
    for (i, question) in questions().enumerate() {
        let key = format!("{:?}", question.program);
        if i % 2 == 0 {
            *seen.entry(key).or_default().entry(question.answers[0].0).or_default() += 1;
        }
    }
    for (_, question) in questions().enumerate().filter(|(i, _)| i % 2 == 1) {
        let counts = seen.get(&format!("{:?}", question.program));
        let guess = counts
            .and_then(|counts| counts.iter().max_by_key(|(_, count)| **count))
            .map(|(answer, _)| *answer);
        right += f64::from(u8::from(question.answers.iter().any(|(answer, _)| Some(*answer) == guess)));
        asked += 1.0;
    }
    println!("words alone: {:.3}", right / asked);
    assert!(right / asked <= 0.25, "{:.3} of the answers follow from the words", right / asked);
}

#[test]
fn a_third_of_colour_questions_has_several_answers() {
    let colour: Vec<_> = questions().filter(|question| question.kind == QuestionType::Colour).collect();
    let several: Vec<_> = colour.iter().filter(|question| question.answers.len() > 1).collect();
    let share = several.len() as f64 / colour.len() as f64;
    println!("several colours: {share:.3}");
    assert!((share - 1.0 / 3.0).abs() < 0.03, "{share}");
    for question in questions() {
        let sum: f32 = question.answers.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-6 && question.answers.is_sorted_by_key(|(answer, _)| *answer));
        assert!(question.answers.len() == 1 || question.kind == QuestionType::Colour, "{}", question.text);
    }
}

#[test]
fn no_is_for_want_of_the_colour_in_six_of_ten() {
    let [mut of_kind, mut of_colour] = [0.0_f64, 0.0];
    for Drawn { arrangement, questions } in drawn() {
        for question in questions.iter().filter(|question| question.answers[0].0 == NO) {
            let Program::Exist { of } = question.program else { continue };
            let has_kind = arrangement.things.iter().any(|thing| Some(thing.kind) == of.kind);
            let has_colour = arrangement.things.iter().any(|thing| Some(thing.colour) == of.colour);
            match (of.colour, has_kind) {
                (None, _) => assert!(!has_kind, "{}", question.text),
                (_, true) => of_kind += 1.0,
                (_, false) => {
                    assert!(has_colour, "{}: neither is there", question.text);
                    of_colour += 1.0;
                }
            }
        }
    }
    let share = of_kind / (of_kind + of_colour);
    println!("no for want of the colour: {share:.3}");
    assert!((share - 0.6).abs() < 0.03, "{share}");
}

/// The text, read back, is the program; the executor gives its answer; the question is not ambiguous.
#[test]
fn each_question_is_understood_and_plain() {
    let mut texts = BTreeSet::new();
    for Drawn { arrangement, questions } in drawn() {
        let programs: BTreeSet<String> =
            questions.iter().map(|question| format!("{:?}", question.program)).collect();
        assert_eq!(programs.len(), 4, "no question twice");
        for question in questions {
            let reading = read(&question.text);
            assert_eq!(reading.program, Some(question.program), "{}", question.text);
            assert_eq!(reading.unknown, [""; 0], "{}", question.text);
            let outcome = question.program.execute(arrangement).unwrap();
            assert_eq!((&outcome.answers, &outcome.targets), (&question.answers, &question.targets));
            assert_eq!(question.program.question_type(), question.kind);
            assert_plain(question, &arrangement.things);
            texts.insert(&question.text);
        }
    }
    println!("{} different texts", texts.len());
}

/// Relations hold by a gap, sizes by a ratio, and a neighbour is alone far around.
fn assert_plain(question: &Question, things: &[Thing]) {
    let centre = |i: usize| things[i].centre;
    match question.program {
        Program::Neighbour { of, .. } => {
            let [from] = of.picked(things)[..] else { panic!("{}: from where?", question.text) };
            let [to] = question.targets[..] else { panic!("{}: {:?}", question.text, question.targets) };
            let gap = (0..2).map(|axis| (centre(from)[axis] - centre(to)[axis]).abs()).fold(0.0, f32::max);
            assert!(gap >= 0.12, "{}", question.text);
            assert_eq!(question.first, Some(from));
        }
        Program::Side { direction, ref of, ref from } => {
            let [of, from] = [of, from].map(|filter| filter.picked(things));
            let ([of], [from]) = (&of[..], &from[..]) else { panic!("{}: which?", question.text) };
            let (along, _) = direction.along_and_across(centre(*from), centre(*of));
            assert!(along.abs() >= 0.12, "{}", question.text);
            // "Yes" stands on the thing that lies there, "no" on nothing.
            assert_eq!(
                question.targets,
                if along > 0.0 { vec![*of] } else { Vec::new() },
                "{}",
                question.text
            );
            assert_eq!(question.first, Some(*from));
        }
        Program::Size { .. } => {
            let [target] = question.targets[..] else { panic!("{}: {:?}", question.text, question.targets) };
            for (_, other) in things.iter().enumerate().filter(|(i, _)| *i != target) {
                let ratio = (other.area() / things[target].area()).sqrt();
                assert!(!(0.834..1.199).contains(&ratio), "{}: {ratio}", question.text);
            }
            assert_eq!(question.first, Some(target));
        }
        _ => assert_eq!(question.first, None),
    }
}

#[test]
fn training_questions_name_no_held_out_pair() {
    let pairs = |program: &Program| -> Vec<(Option<usize>, Option<usize>)> {
        match program {
            Program::Colour { of } | Program::Exist { of } | Program::Count { of } | Program::Kind { of } => {
                vec![*of]
            }
            Program::Neighbour { of, .. } | Program::Size { of, .. } => vec![*of],
            Program::Side { of, from, .. } => vec![*of, *from],
        }
        .iter()
        .map(|filter| (filter.kind, filter.colour))
        .collect()
    };
    for question in questions() {
        for (kind, colour) in HELD_OUT_PAIRS {
            assert!(!pairs(&question.program).contains(&(Some(kind), Some(colour))), "{}", question.text);
        }
    }
    let shapes = Shapes::held_out();
    let asks = |index: u64| Questions::new(&shapes).draw(&shapes.arrangement(1, index, 8), 1, index, 8);
    let named = (0..300).flat_map(asks).flat_map(|question| pairs(&question.program));
    let named: BTreeSet<_> = named.collect();
    assert!(HELD_OUT_PAIRS.iter().all(|(kind, colour)| named.contains(&(Some(*kind), Some(*colour)))));
}

#[test]
fn questions_are_the_same_whenever_they_are_drawn() {
    let shapes = Shapes::all();
    let draw = |seed: u64, index: u64, n: usize| {
        Questions::new(&shapes).draw(&shapes.arrangement(seed, index, 32), seed, index, n)
    };
    let first: Vec<_> = (0..10).map(|index| draw(5, index, 4)).collect();
    for index in (0..10).rev() {
        assert_eq!(draw(5, index, 4), first[index as usize]);
        assert_eq!(draw(5, index, 9)[..4], first[index as usize][..], "more questions begin with the same");
    }
    assert_ne!(draw(6, 0, 4), first[0]);
    assert_eq!(draw(5, 0, 40).len(), 40, "as many as are wanted");
}

#[test]
fn answers_are_colours_kinds_yes_no_and_numbers() {
    assert_eq!(ANSWERS[..8], COLOURS);
    assert_eq!(ANSWERS[8..24], KINDS);
    assert_eq!([ANSWERS[YES], ANSWERS[NO]], ["yes", "no"]);
    assert_eq!(ANSWERS[26..], ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(
        QuestionType::iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" "),
        "colour exist count kind neighbour size side"
    );
}
