//! Questions and captions of any length: padding means nothing, and searches find what they should.

use std::collections::{BTreeMap, BTreeSet};

use cam_lucida::Result;
use cam_lucida::network::language::{END, PAD, START, UNKNOWN};
use cam_lucida::network::{Network, Parameters, Tap};
use pollster::block_on;

use crate::{CAPTION, QUESTION, WORDS, assert_near, captioner, device, film, pictures, values};

#[test]
fn padding_changes_no_answer() {
    let film = film();
    let logits =
        |question: &[usize]| values(film.bind(question).unwrap().forward(pictures(1), &mut Tap::default()));
    let padded = [QUESTION, &[PAD, PAD]].concat();
    assert_eq!(logits(QUESTION), logits(&padded));
    assert_ne!(logits(QUESTION), logits(&QUESTION[1..]));
    // As short as can be.
    assert_eq!(logits(&[]), logits(&[PAD]));
}

#[test]
fn questions_that_are_asked_together_get_the_answers_of_each_alone() {
    let film = film();
    let questions: Vec<Vec<usize>> =
        [QUESTION, &[4, 8, 8, 30, 11, 6], &[7], &[9, 9], QUESTION, &[1]].map(<[usize]>::to_vec).into();
    let together = values(film.answer(pictures(2), &questions).unwrap());
    for (i, (question, found)) in questions.iter().zip(together.chunks(WORDS)).enumerate() {
        let picture = pictures(2).slice_dim(0, i / 3..i / 3 + 1);
        let alone = values(film.bind(question).unwrap().forward(picture, &mut Tap::default()));
        assert_near(&format!("question {i}"), found, &alone, 1e-5);
    }
}

#[test]
fn captions_that_are_written_together_have_the_words_of_each_alone() {
    let captioner = captioner();
    let captions = [CAPTION.to_vec(), vec![8, 30], [CAPTION, &[11, PAD]].concat()];
    let logits = captioner.write(pictures(3), &captions).unwrap();
    let [_, places, words] = logits.dims();
    assert_eq!((places, words), (6, WORDS), "one place more than the longest has words");
    let together = values(logits);
    for (i, caption) in captions.iter().enumerate() {
        let picture = pictures(3).slice_dim(0, i..i + 1);
        let count = caption.iter().filter(|&&word| word != PAD).count();
        for place in 0..=count {
            let writing = captioner.bind(caption, place).unwrap();
            let alone = values(writing.forward(picture.clone(), &mut Tap::default()));
            let found = &together[(i * places + place) * words..][..words];
            assert_near(&format!("caption {i}, place {place}"), found, &alone, 1e-5);
        }
    }
}

#[test]
fn what_follows_a_place_does_not_change_its_word() {
    let captioner = captioner();
    let logits = |caption: &[usize]| {
        values(captioner.bind(caption, 2).unwrap().forward(pictures(1), &mut Tap::default()))
    };
    assert_eq!(logits(CAPTION), logits(&[CAPTION[0], CAPTION[1]]));
    assert_ne!(logits(CAPTION), logits(&[CAPTION[1], CAPTION[0]]));
}

/// Hashed weights of a captioner that tends to come to an end, of 8 words.
struct Short(cam_lucida::weights::Hashed);

impl Parameters for Short {
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let mut values = self.0.take(name, shape)?;
        if name == "classifier.bias" {
            values[END] += 1.0;
        }
        Ok(values)
    }

    fn rows(&self, name: &str) -> Result<usize> {
        self.0.rows(name)
    }
}

fn short() -> cam_lucida::network::language::Captioner {
    let mut weights = Short(cam_lucida::weights::Hashed { classes: 8 });
    cam_lucida::network::language::Captioner::load(&mut weights, &device()).unwrap()
}

#[test]
fn a_beam_of_one_is_greedy_and_a_wider_one_is_in_order() {
    let mut most = 0;
    for captioner in [captioner(), short().into()] {
        let greedy = block_on(captioner.greedy(pictures(3))).unwrap();
        for (i, greedy) in greedy.iter().enumerate() {
            let picture = pictures(3).slice_dim(0, i..i + 1);
            let one = block_on(captioner.beam(picture.clone(), 1)).unwrap();
            assert_eq!(one.len(), 1);
            assert_eq!(one[0].tokens, greedy.tokens);
            assert!(greedy.tokens.len() <= 30, "no caption is longer");
            assert!((one[0].log_probability - greedy.log_probability).abs() < 1e-4);
            let many = block_on(captioner.beam(picture.clone(), 4)).unwrap();
            let texts: BTreeSet<_> = many.iter().map(|sentence| sentence.tokens.clone()).collect();
            assert_eq!(texts.len(), many.len(), "each caption once");
            most = most.max(many.len());
            // What the network itself says of each, its end left out where it was broken off.
            let scores = many.iter().map(|sentence| {
                let scores = block_on(captioner.score(picture.clone(), &sentence.tokens)).unwrap();
                scores[..(sentence.tokens.len() + 1).min(30)].iter().sum::<f64>()
            });
            let scores: Vec<f64> = scores.collect();
            for (sentence, score) in many.iter().zip(&scores) {
                assert!((sentence.log_probability - score).abs() < 1e-3, "{sentence:?}: {score}");
            }
            assert!(scores.is_sorted_by(|a, b| *a >= b - 1e-3), "{scores:?}");
        }
    }
    assert!(most > 1, "no order is seen of a single caption");
}

#[test]
fn a_beam_finds_the_most_probable_captions_of_all_that_are_short() {
    let (captioner, picture) = (short(), pictures(1));
    let written = block_on(captioner.beam(picture.clone(), 16)).unwrap();
    let mut all = BTreeMap::new();
    let mut open = vec![Vec::new()];
    for _ in 0..3 {
        for tokens in &open {
            let scores = block_on(captioner.score(picture.clone(), tokens)).unwrap();
            assert_eq!(scores.len(), tokens.len() + 1, "each word, and the end");
            all.insert(tokens.clone(), scores.iter().sum::<f64>());
        }
        let longer = |tokens: &Vec<usize>| {
            let tokens = tokens.clone();
            (END + 1..8).map(move |word| [&tokens[..], &[word]].concat())
        };
        open = open.iter().flat_map(longer).collect();
    }
    for sentence in &written {
        let scores = block_on(captioner.score(picture.clone(), &sentence.tokens)).unwrap();
        assert!((scores.iter().sum::<f64>() - sentence.log_probability).abs() < 1e-4, "{sentence:?}");
    }
    let best = all.values().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(written[0].log_probability >= best - 1e-4, "{written:?} against {best}");
    for tokens in written.iter().map(|sentence| &sentence.tokens) {
        assert!(tokens.iter().all(|&word| word > END), "words alone: {tokens:?}");
    }
}

#[test]
fn what_a_network_cannot_read_is_refused() {
    let (film, captioner) = (film(), captioner());
    for error in [
        film.bind(&[3, WORDS]).err().unwrap(),
        captioner.bind(&[WORDS], 0).err().unwrap(),
        captioner.bind(CAPTION, 5).err().unwrap(),
        film.answer(pictures(1), &[vec![99]]).err().unwrap(),
        captioner.write(pictures(1), &[vec![99]]).err().unwrap(),
        // What stands for no word, and padding before a word.
        captioner.bind(&[12, START], 0).err().unwrap(),
        captioner.bind(&[12, END, 7], 0).err().unwrap(),
        captioner.bind(&[12, PAD, 7], 0).err().unwrap(),
        captioner.bind_phrase(&[12, END], 0..1).err().unwrap(),
        captioner.write(pictures(1), &[vec![12, START]]).err().unwrap(),
        block_on(captioner.score(pictures(1), &[12, END])).err().unwrap(),
        film.bind(&[5, PAD, 9]).err().unwrap(),
    ] {
        assert!(error.is_request(), "{error}");
    }
    let said = captioner.bind(&[12, START], 0).err().unwrap().to_string();
    assert!(said.contains("number 2 stands for no word; words have the numbers 4 to 31, and 1"), "{said}");
    assert_eq!([PAD, UNKNOWN, START, END], [0, 1, 2, 3]);
    // Questions have neither start nor end, so these numbers are words.
    assert!(film.bind(&[START, END, UNKNOWN, PAD, PAD]).is_ok());
    assert!(captioner.bind(&[12, UNKNOWN, PAD, PAD], 2).is_ok());
}
