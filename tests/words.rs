//! Questions and captions through the public interface: with words bound, a network is a model as any other.

mod common;

use std::ops::ControlFlow;

use cam_lucida::cam::{self, ClassSum, Target};
use cam_lucida::measure::{Cascade, Trial, randomise};
use cam_lucida::network::Architecture;
use cam_lucida::network::language::{END, START};
use cam_lucida::scenes::{captions, questions};
use cam_lucida::weights::{Card, Hashed, Vocabulary, Weights};
use cam_lucida::{CaptionModel, Device, Input, Model, QuestionModel, Request, Size};
use common::weight_file::WeightFile;
use pollster::block_on;

/// Words of questions and answers alike: hashed weights have as many of both.
const WORDS: [&str; 12] =
    ["<pad>", "<unknown>", "<start>", "<end>", "a", "blue", "car", "hydrant", "is", "red", "the", "what"];
const QUESTION: &str = "What is the red hydrant?";
const CAPTION: &str = "a red car";

fn card(network: &str) -> Card {
    let words = WORDS.map(String::from).to_vec();
    Card {
        labels: (network == FILM).then(|| words.clone()),
        words: Some(Vocabulary::new(words)),
        function_words: vec!["a".into(), "the".into()],
        ..Card::new(Architecture::named(network).unwrap())
    }
}

const FILM: &str = "film_small";
const CAPTIONER: &str = "caption_small";

fn file(network: &str) -> Vec<u8> {
    WeightFile::hashed(Architecture::named(network).unwrap(), WORDS.len()).bytes()
}

fn questions() -> QuestionModel {
    block_on(QuestionModel::load(&Device::cpu(), card(FILM), file(FILM))).unwrap()
}

fn captions() -> CaptionModel {
    block_on(CaptionModel::load(&Device::cpu(), card(CAPTIONER), file(CAPTIONER))).unwrap()
}

fn input() -> Input {
    Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0)).unwrap()
}

/// The raw map of one method for one class, or sum of classes.
fn map(model: &Model, method: &str, class: impl Into<ClassSum>, target: Target) -> Vec<f32> {
    let methods = [cam::method(method).unwrap()];
    let request = Request { classes: vec![class.into()], target, ..Request::new(methods) };
    let explanation = block_on(model.explain(&input(), &request)).unwrap();
    block_on(explanation.heatmaps[0].values()).unwrap()
}

fn assert_near(what: &str, found: &[f32], expected: &[f32], allowed: f32) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f32, |max, value| max.max(value.abs()));
    assert!(largest > 0.0, "{what}: nothing is compared with nothing");
    let worst = found.iter().zip(expected).fold(0.0_f32, |max, (a, b)| max.max((a - b).abs()));
    assert!(worst <= allowed * largest, "{what}: off by {worst}, the largest is {largest}");
}

/// At the default layer Grad-CAM, HiResCAM and, by the number of pixels, CAM are the same.
fn assert_linear(model: &Model, classes: impl IntoIterator<Item = ClassSum>) {
    for class in classes {
        let [grad, hires, cam] =
            ["grad-cam", "hires-cam", "cam"].map(|name| map(model, name, class.clone(), Target::Logit));
        let pixels = cam.len() as f32;
        let cam: Vec<f32> = cam.iter().map(|value| value / pixels).collect();
        assert_near(&format!("HiResCAM of {class}"), &hires, &grad, 1e-5);
        assert_near(&format!("CAM of {class}"), &cam, &grad, 1e-5);
    }
}

/// Classes, at least two, for which something speaks at the default layer.
fn shown(model: &Model) -> Vec<usize> {
    let speaks = |class: &usize| map(model, "cam", *class, Target::Logit).iter().any(|value| *value > 0.0);
    let shown: Vec<usize> = (0..WORDS.len()).filter(speaks).collect();
    assert!(shown.len() > 1, "{shown:?}");
    shown
}

/// The change of `y` along a direction, by finite differences, and by the gradient that the model gives.
fn assert_gradient(model: &Model, target: Target, y: impl Fn(&[f32]) -> f64, class: &ClassSum) {
    const STEP: f32 = 2e-4;
    let x = input();
    let direction = Hashed::uniform("direction", &[3, 64, 64], 1.0);
    let moved = |sign: f32| {
        let values = x.values().iter().zip(&direction).map(|(x, d)| x + sign * STEP * d).collect();
        let scores = block_on(model.classify(&Input::new(x.size(), values).unwrap())).unwrap();
        y(&scores.logits)
    };
    let measured = (moved(1.0) - moved(-1.0)) / f64::from(2.0 * STEP);
    let gradient = map(model, "gradient", class.clone(), target);
    let said: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * f64::from(*d)).sum();
    let scale = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    assert!((measured - said).abs() < 0.02 * scale, "{target} of {class}: {measured} measured, {said} said");
}

fn log_softmax(logits: &[f32], class: usize) -> f64 {
    let sum: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
    f64::from(logits[class]) - sum.ln()
}

#[test]
fn an_answer_is_explained_at_the_head_where_three_methods_agree() {
    let model = questions().ask(QUESTION).unwrap();
    assert_eq!(model.default_layer(), "head");
    assert!(model.layers().iter().any(|layer| layer.name == "layer4"));
    let shown = shown(&model);
    assert_linear(&model, ClassSum::each(shown.clone()));
    assert_linear(&model, [ClassSum::new(shown[..2].iter().copied()).unwrap()]);
}

#[test]
fn a_word_is_explained_at_what_was_read_for_it_where_three_methods_agree() {
    let captions = captions();
    let tokens = captions.vocabulary().read(CAPTION).unwrap().tokens;
    for place in 0..=tokens.len() {
        let model = captions.word(&tokens, place).unwrap();
        assert_eq!(model.default_layer(), format!("read.{place}"));
        let listed = model.layers().iter().filter(|layer| layer.name.starts_with("read.")).count();
        assert_eq!(listed, place + 1);
        assert_linear(&model, ClassSum::each(shown(&model)));
    }
}

#[test]
fn answers_that_add_up_have_the_sum_of_their_gradients() {
    let model = questions().ask(QUESTION).unwrap();
    let sum = ClassSum::new([9, 5]).unwrap();
    let [red, blue, both] =
        [ClassSum::from(9), 5.into(), sum.clone()].map(|class| map(&model, "gradient", class, Target::Logit));
    let added: Vec<f32> = red.iter().zip(&blue).map(|(a, b)| a + b).collect();
    assert_near("gradient of the sum", &both, &added, 1e-4);
    let y = |logits: &[f32]| f64::from(logits[5]) + f64::from(logits[9]);
    assert_gradient(&model, Target::Logit, y, &sum);
    assert_gradient(&model, Target::Counterfactual, |logits| -y(logits), &sum);
    assert_gradient(&model, Target::Contrast(7), |logits| y(logits) - f64::from(logits[7]), &sum);
    let probability = |logits: &[f32]| log_softmax(logits, 5).exp() + log_softmax(logits, 9).exp();
    assert_gradient(&model, Target::Probability, probability, &sum);
    let log_probability = |logits: &[f32]| log_softmax(logits, 5) + log_softmax(logits, 9);
    assert_gradient(&model, Target::LogProbability, log_probability, &sum);
    // Scores of a sum are sums.
    let scores = block_on(model.classify(&input())).unwrap();
    assert_eq!(scores.logit(&sum), scores.logits[5] + scores.logits[9]);
    assert_eq!(model.name(&sum).unwrap(), "blue + red");
}

#[test]
fn every_kind_of_method_and_a_measure_take_a_question() {
    let model = questions().ask(QUESTION).unwrap();
    let names = ["score-cam", "ablation-cam", "layer-cam", "guided-grad-cam", "rise"];
    let methods = names.map(|name| cam::method(name).unwrap());
    let settings = "max_channels=4,samples=4".parse().unwrap();
    let request =
        Request { classes: vec![ClassSum::new(shown(&model)).unwrap()], settings, ..Request::new(methods) };
    let explanation = block_on(model.explain(&input(), &request)).unwrap();
    assert_eq!(explanation.heatmaps.len(), names.len());
    let flat = explanation.heatmaps.iter().filter(|heatmap| heatmap.is_flat()).count();
    assert!(flat <= 1, "{flat} maps are flat");
    let (go_on, input) = (|_| ControlFlow::Continue(()), input());
    let class = shown(&model)[0];
    let trial = Trial { model: &model, input: &input, class, watch: &go_on };
    let cascade = Cascade { steps: 1, seed: 0 };
    let mut weights = Weights::read(file(FILM)).unwrap();
    let steps = block_on(randomise(&trial, &mut weights, &Request::default(), &cascade)).unwrap();
    assert_eq!(steps[0].similarities[0].rank, Some(1.0), "nothing is fresh, the question is the same");
}

#[test]
fn questions_share_the_network_and_differ_in_their_answers() {
    let questions = questions();
    let logits =
        |question: &str| block_on(questions.ask(question).unwrap().classify(&input())).unwrap().logits;
    assert_eq!(logits(QUESTION), logits("what IS the red, hydrant"));
    assert_ne!(logits(QUESTION), logits("what is the blue hydrant"));
    assert_eq!(logits("what is the old hydrant"), logits("what is the wet hydrant"), "both unknown");
}

#[test]
fn a_narrow_beam_takes_the_most_probable_word_at_each_place() {
    let captions = captions();
    let greedy = block_on(captions.write(&input(), 1)).unwrap();
    assert_eq!(greedy.len(), 1);
    let (tokens, mut log_probability) = (&greedy[0].tokens, 0.0);
    assert!(!tokens.is_empty());
    for place in 0..=tokens.len() {
        let scores = block_on(captions.word(tokens, place).unwrap().classify(&input())).unwrap();
        let best = scores.top(WORDS.len()).into_iter().find(|&word| word > START).unwrap();
        match tokens.get(place) {
            Some(&word) => assert_eq!(best, word, "place {place}"),
            // Broken off without an end.
            None if best != END => break,
            None => {}
        }
        log_probability += log_softmax(&scores.logits, best);
    }
    assert!((greedy[0].log_probability - log_probability).abs() < 1e-3);
    let beam = block_on(captions.write(&input(), 4)).unwrap();
    assert!(beam.is_sorted_by(|a, b| a.log_probability >= b.log_probability));
    let scored = block_on(captions.score(&input(), &beam[0].tokens)).unwrap();
    assert_eq!(scored.len(), beam[0].tokens.len() + 1);
}

#[test]
fn a_phrase_is_the_sum_of_the_raw_maps_of_its_words() {
    let captions = captions();
    let tokens = captions.vocabulary().read(CAPTION).unwrap().tokens;
    let request = Request::new(["grad-cam", "gradient"].map(|name| cam::method(name).unwrap()));
    let phrase = block_on(captions.explain(&input(), &tokens, 1..3, &request)).unwrap();
    assert_eq!((phrase.places.clone(), phrase.words.len()), (1..3, 2));
    for (at, method) in ["grad-cam", "gradient"].into_iter().enumerate() {
        let words = [1, 2]
            .map(|place| map(&captions.word(&tokens, place).unwrap(), method, tokens[place], Target::Logit));
        let added: Vec<f32> = words[0].iter().zip(&words[1]).map(|(a, b)| a + b).collect();
        let found = block_on(phrase.heatmaps[at].values()).unwrap();
        assert_near(method, &found, &added, 1e-5);
        let extremes = found.iter().fold((f32::MAX, f32::MIN), |(min, max), v| (min.min(*v), max.max(*v)));
        assert_eq!(extremes, (phrase.heatmaps[at].min, phrase.heatmaps[at].max));
    }
    assert_eq!(phrase.words[1].layers, ["read.2"]);
    assert_eq!(phrase.words[1].classes, [tokens[2]]);
    // A word's own score is that of the whole caption's.
    let scored = block_on(captions.score(&input(), &tokens)).unwrap();
    let found = log_softmax(&phrase.words[0].scores.logits, tokens[1]);
    assert!((found - scored[1]).abs() < 1e-4, "{found} and {}", scored[1]);
    assert!(captions.is_function_word("a") && !captions.is_function_word("car"));
}

/// Methods of one pass explain all words together; one of many passes has them all explained one by one.
#[test]
fn words_explained_in_one_pass_have_the_maps_of_each_alone() {
    let captions = captions();
    let tokens = captions.vocabulary().read("the red car is a blue hydrant").unwrap().tokens;
    for layers in [vec![], vec!["layer4"], vec!["value"], vec!["key"], vec!["layer3", "value"]] {
        let names: &[&str] =
            if layers.is_empty() { &["cam", "grad-cam++", "eigen-cam"] } else { &["grad-cam", "layer-cam"] };
        for target in [Target::Logit, Target::LogProbability] {
            let methods = names.iter().map(|name| cam::method(name).unwrap());
            let layers = layers.iter().map(ToString::to_string).collect();
            let request = Request { layers, target, ..Request::new(methods) };
            if names.contains(&"cam") && target != Target::Logit {
                continue;
            }
            let together = block_on(captions.explain(&input(), &tokens, 1..6, &request)).unwrap();
            for (at, word) in together.words.iter().enumerate() {
                let place = 1 + at;
                let request = Request { classes: vec![tokens[place].into()], ..request.clone() };
                let alone = captions.word(&tokens, place).unwrap();
                let alone = block_on(alone.explain(&input(), &request)).unwrap();
                assert_eq!((&word.layers, &word.classes), (&alone.layers, &alone.classes));
                assert_near("scores", &word.scores.logits, &alone.scores.logits, 1e-5);
                for (found, expected) in word.heatmaps.iter().zip(&alone.heatmaps) {
                    assert_eq!(found.method.name, expected.method.name);
                    assert_eq!(found.class, expected.class);
                    let what = format!("{} of word {place} at {:?}", found.method.name, alone.layers);
                    let [found, expected] =
                        [found, expected].map(|heatmap| block_on(heatmap.values()).unwrap());
                    if expected.iter().all(|value| *value == 0.0) {
                        assert!(found.iter().all(|value| *value == 0.0), "{what}");
                    } else {
                        assert_near(&what, &found, &expected, 1e-4);
                    }
                }
                assert_eq!(word.heatmaps.len(), names.len());
            }
        }
    }
}

#[test]
fn function_words_are_explained_and_left_out_of_the_sum() {
    let captions = captions();
    let tokens = captions.vocabulary().read("a red hydrant the a").unwrap().tokens;
    let explain = |places| {
        let request = Request::new([cam::method("gradient").unwrap()]);
        block_on(captions.explain(&input(), &tokens, places, &request)).unwrap()
    };
    let values = |heatmap: &cam_lucida::Heatmap| block_on(heatmap.values()).unwrap();
    let all = explain(0..5);
    assert_eq!(all.summed, [false, true, true, false, false]);
    assert_eq!(all.words.len(), 5);
    assert_eq!(values(&all.heatmaps[0]), values(&explain(1..3).heatmaps[0]));
    // Nothing else is there.
    let alone = explain(3..5);
    assert_eq!(alone.summed, [true, true]);
    let [the, a] = [0, 1].map(|word| values(&alone.words[word].heatmaps[0]));
    let added: Vec<f32> = the.iter().zip(&a).map(|(the, a)| the + a).collect();
    assert_near("function words alone", &values(&alone.heatmaps[0]), &added, 1e-5);
}

/// What was read does not tell left from right: of it, such words are left out. Earlier layers and the picture tell.
#[test]
fn relation_words_are_left_out_of_sums_of_what_was_read_alone() {
    let card = Card { relation_words: vec!["is".into()], ..card(CAPTIONER) };
    let captions = block_on(CaptionModel::load(&Device::cpu(), card, file(CAPTIONER))).unwrap();
    assert!(captions.is_relation_word("is") && !captions.is_relation_word("red"));
    let tokens = captions.vocabulary().read("a red is hydrant").unwrap().tokens;
    let explain = |places, method: &str, layers: &[&str]| {
        let layers = layers.iter().map(ToString::to_string).collect();
        let request = Request { layers, ..Request::new([cam::method(method).unwrap()]) };
        block_on(captions.explain(&input(), &tokens, places, &request)).unwrap()
    };
    let cases: [(&str, &[&str], bool); 6] = [
        ("grad-cam", &[], false),
        ("ablation-cam", &[], false),
        ("grad-cam", &["read.0"], false),
        ("grad-cam", &["blocks.1", "read.0"], false),
        ("grad-cam", &["blocks.1"], true),
        ("gradient", &[], true),
    ];
    for (method, layers, is_summed) in cases {
        let found = explain(0..4, method, layers);
        assert_eq!(found.summed, [false, true, is_summed, true], "{method} at {layers:?}");
        assert_eq!(found.words.len(), 4);
    }
    let values = |heatmap: &cam_lucida::Heatmap| block_on(heatmap.values()).unwrap();
    let found = explain(0..4, "grad-cam", &[]);
    let [red, hydrant] = [1, 3].map(|word| values(&found.words[word].heatmaps[0]));
    let added: Vec<f32> = red.iter().zip(&hydrant).map(|(red, hydrant)| red + hydrant).collect();
    assert_near("the others", &values(&found.heatmaps[0]), &added, 1e-5);
    // Nothing else is there.
    assert_eq!(explain(2..3, "grad-cam", &[]).summed, [true]);
}

#[test]
fn answers_are_called_in_capitals_or_not() {
    let mut labels = WORDS.map(String::from).to_vec();
    (labels[9], labels[10]) = ("Red".into(), "THE".into());
    let card = Card { labels: Some(labels), ..card(FILM) };
    let questions = block_on(QuestionModel::load(&Device::cpu(), card, file(FILM))).unwrap();
    for text in ["Red", "red", " RED "] {
        assert_eq!(questions.answer(text).unwrap(), 9, "{text}");
    }
    assert_eq!(questions.answer("the + Blue").unwrap().classes(), [5, 10]);
    for text in ["", " ", "red +", "+"] {
        let error = questions.answer(text).err().unwrap();
        assert_eq!(error.code(), "answer-empty");
        assert!(error.to_string().contains("Red, THE"), "{error}");
    }
}

#[test]
fn weight_files_of_language_are_recognised_and_say_what_loads_them() {
    for (network, instead) in [(FILM, "cam-lucida ask"), (CAPTIONER, "cam-lucida caption")] {
        let weights = Weights::read(file(network)).unwrap();
        let found = weights.recognise().unwrap();
        assert_eq!(found.name, network);
        let blueprint = weights.fit(found).unwrap();
        assert_eq!((blueprint.classes, blueprint.words), (WORDS.len(), Some(WORDS.len())));
        for card in [Card::default(), card(network)] {
            let error = block_on(Model::load(&Device::cpu(), card, file(network))).err().unwrap();
            assert!(error.is_request() && error.to_string().contains(instead), "{error}");
        }
    }
    let error =
        block_on(QuestionModel::load(&Device::cpu(), Card::default(), file(CAPTIONER))).err().unwrap();
    assert_eq!(error.code(), "network-describes");
    let error = block_on(CaptionModel::load(&Device::cpu(), Card::default(), file(FILM))).err().unwrap();
    assert_eq!(error.code(), "network-answers");
    let resnet = WeightFile::hashed(Architecture::named("resnet_small").unwrap(), 3).bytes();
    let error = block_on(CaptionModel::load(&Device::cpu(), Card::default(), resnet)).err().unwrap();
    assert_eq!(error.code(), "network-classifies");
}

#[test]
fn a_card_must_say_the_words_and_the_answers() {
    let refused = |card: Card| {
        let error = block_on(QuestionModel::load(&Device::cpu(), card, file(FILM))).err().unwrap();
        assert!(error.is_weights(), "{error}");
        error.code()
    };
    assert_eq!(refused(Card { words: None, ..card(FILM) }), "card-without-words");
    assert_eq!(refused(Card { labels: None, ..card(FILM) }), "card-without-answers");
    let few = Vocabulary::new(vec!["<pad>".into()]);
    assert_eq!(refused(Card { words: Some(few), ..card(FILM) }), "card-word-count");
    let config = r#"{ "architecture": "caption_small", "words": ["<pad>", "a"], "function_words": ["a"],
        "relation_words": ["left"], "problem_type": "image_to_text" }"#;
    let card = Card::read(config, None).unwrap();
    assert_eq!(card.architecture.unwrap().name, CAPTIONER);
    assert_eq!((card.words.unwrap().words().len(), card.function_words), (2, vec!["a".to_string()]));
    assert_eq!(card.relation_words, ["left"]);
}

#[test]
fn what_nobody_can_answer_is_refused_in_words() {
    let (questions, captions) = (questions(), captions());
    let read = questions.vocabulary().read("what is the OLD hydrant, really?").unwrap();
    assert!(read.unknown().eq(["old", "really"]));
    let codes = [
        questions.ask("pourquoi pas").err().unwrap(),
        questions.ask("?!").err().unwrap(),
        questions.answer("red + bleu").err().unwrap(),
        block_on(captions.write(&input(), 0)).err().unwrap(),
        block_on(captions.write(&input(), 17)).err().unwrap(),
        block_on(captions.explain(&input(), &[4, 6], 1..3, &Request::default())).err().unwrap(),
        block_on(captions.explain(&input(), &[4, 6], 1..1, &Request::default())).err().unwrap(),
        captions.word(&[4, 6], 3).err().unwrap(),
        captions.word(&[99], 0).err().unwrap(),
        captions.word(&[4, START], 0).err().unwrap(),
        "red".parse::<ClassSum>().err().unwrap(),
        ClassSum::new([]).err().unwrap(),
    ];
    let found = codes.each_ref().map(|error| error.code());
    let expected = [
        "no-known-word",
        "text-without-words",
        "unknown-name",
        "beam-width",
        "beam-width",
        "phrase-range",
        "phrase-range",
        "caption-place",
        "unknown-token",
        "unknown-token",
        "class-syntax",
        "empty-class-sum",
    ];
    assert_eq!(found, expected);
    assert!(codes.iter().all(|error| error.is_request()));
    assert!(codes[2].to_string().contains("did you mean `blue`"), "{}", codes[2]);
    let request = Request { classes: vec![3.into()], ..Request::default() };
    let error = block_on(captions.explain(&input(), &[4, 6], 0..1, &request)).err().unwrap();
    assert_eq!(error.code(), "phrase-classes");
    let small = Input::new(Size { height: 32, width: 2048 }, vec![0.0; 3 * 32 * 2048]).unwrap();
    assert!(block_on(captions.write(&small, 1)).is_ok(), "a wide picture is one, too");
}

/// What networks learn from, and what reads the words of those who ask.
#[test]
fn texts_are_read_as_the_networks_learned_them() {
    let vocabulary = Vocabulary::new(questions::words().iter().map(|word| word.to_string()).collect());
    for text in ["What's the Largest thing?", "is the fire hydrant left of the red car", "how many zebras"] {
        assert_eq!(vocabulary.read(text).unwrap().tokens, questions::tokens(text), "{text}");
    }
    let words = captions::words();
    assert_eq!(words[END], "<end>");
}

#[test]
fn sums_of_classes_are_numbers_or_lists_in_data() {
    let sums = [ClassSum::from(3), ClassSum::new([4, 0]).unwrap()];
    let text = serde_json::to_string(&sums).unwrap();
    assert_eq!(text, "[3,[0,4]]");
    assert_eq!(serde_json::from_str::<[ClassSum; 2]>(&text).unwrap(), sums);
    assert!(serde_json::from_str::<ClassSum>("[]").is_err());
    assert_eq!("0+4".parse::<ClassSum>().unwrap(), sums[1]);
}
