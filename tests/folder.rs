//! A trained model's folder, written and read back.
#![cfg(feature = "train")]

use std::path::Path;

use cam_lucida::network::language::{Captioner, Film};
use cam_lucida::scenes::captions::{self, FUNCTION_WORDS};
use cam_lucida::scenes::questions::{self, ANSWERS};
use cam_lucida::train::{
    LANGUAGE, LanguageReport, Learner, Recipe, Task, write_index, write_language_folder,
};
use cam_lucida::weights::Card;
use cam_lucida::{CaptionModel, Device, Problem, QuestionModel, Size};
use pollster::block_on;
use serde_json::{Value, json};

fn recipe(task: impl Fn(Task) -> bool) -> &'static Recipe {
    LANGUAGE.iter().find(|recipe| task(recipe.task)).unwrap()
}

/// Writes the folder of an untrained network.
fn write(models: &Path, recipe: &Recipe) {
    let device = Device::cpu();
    let (rows, words) = match recipe.task {
        Task::Captions => (captions::words().len(), captions::words().len()),
        _ => (ANSWERS.len(), questions::words().len()),
    };
    let mut learner = Learner::new(1, rows, device.tensors()).with_words(words);
    match recipe.task {
        Task::Captions => drop(Captioner::load(&mut learner, device.tensors()).unwrap()),
        _ => drop(Film::load(&mut learner, device.tensors()).unwrap()),
    }
    let report =
        LanguageReport { scenes: 10, texts: 40, right: 0.5, parts: [("colour".into(), 0.25)].into() };
    let weights = learner.weight_file().unwrap();
    write_language_folder(&models.join(recipe.name), recipe, &weights, &report, 60.0).unwrap();
}

/// The card and the weights, as the page and the command line read them.
fn read(folder: &Path) -> (Card, Vec<u8>) {
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let card = Card::read(&text("config.json"), Some(&text("preprocessor_config.json"))).unwrap();
    (card, std::fs::read(folder.join("model.safetensors")).unwrap())
}

#[test]
fn a_folder_of_questions_says_words_synonyms_and_answers() {
    let models = tempfile::tempdir().unwrap();
    let recipe = recipe(|task| matches!(task, Task::Questions(_)));
    write(models.path(), recipe);
    let (card, weights) = read(&models.path().join(recipe.name));
    assert_eq!(card.problem, Some(Problem::SingleLabel));
    let model = block_on(QuestionModel::load(&Device::cpu(), card, weights)).unwrap();
    assert_eq!(model.architecture().name, recipe.network);
    assert_eq!(model.preprocessor().size, Size::square(recipe.side as usize));
    assert_eq!(model.answers(), ANSWERS);
    let read = |text: &str| model.vocabulary().read(text).unwrap();
    for text in ["What colour is the hydrant?", "how many purple things are there", "is there a zebra"] {
        assert_eq!(read(text).tokens, questions::tokens(text), "{text}");
    }
    assert_eq!(read("is there a scarlet fish").tokens, questions::tokens("is there a red fish"));
    let asked = model.ask("what color is the hydrant").unwrap();
    assert_eq!(asked.labels().unwrap(), ANSWERS);
}

#[test]
fn a_folder_of_captions_says_words_and_which_of_them_are_of_functions_and_relations() {
    let models = tempfile::tempdir().unwrap();
    let recipe = recipe(|task| task == Task::Captions);
    write(models.path(), recipe);
    let (card, weights) = read(&models.path().join(recipe.name));
    assert_eq!(card.problem, Some(Problem::SingleLabel));
    let model = block_on(CaptionModel::load(&Device::cpu(), card, weights)).unwrap();
    assert_eq!(model.vocabulary().words(), captions::words());
    for word in captions::words() {
        assert_eq!(model.is_function_word(word), FUNCTION_WORDS.contains(word), "{word}");
        let is_relation = ["left", "right", "above", "below"].contains(word);
        assert_eq!(model.is_relation_word(word), is_relation, "{word}");
    }
    let read = |text: &str| model.vocabulary().read(text).unwrap().tokens;
    assert_eq!(read("a scarlet car and two caps"), read("a red car and two hats"));
}

#[test]
fn the_index_lists_what_answers_and_describes_by_itself() {
    let models = tempfile::tempdir().unwrap();
    let recipes: Vec<&Recipe> = LANGUAGE.iter().filter(|recipe| recipe.task != Task::Things).collect();
    recipes.iter().for_each(|recipe| write(models.path(), recipe));
    write_index(models.path()).unwrap();
    let index: Value =
        serde_json::from_slice(&std::fs::read(models.path().join("index.json")).unwrap()).unwrap();
    assert_eq!(index["models"], json!([]));
    let listed = index["language"].as_array().unwrap();
    let problems = ["image_to_text", "visual_question_answering"];
    assert_eq!(listed.len(), problems.len());
    for ((entry, recipe), problem) in listed.iter().zip(recipes).zip(problems) {
        assert_eq!((&entry["name"], &entry["task"]), (&json!(recipe.name), &json!(problem)));
        let folder = models.path().join(recipe.name);
        let card = std::fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(card.contains(recipe.title) && card.contains(recipe.world.about()), "{card}");
        for (file, said) in entry["files"].as_object().unwrap() {
            assert_eq!(said["bytes"], std::fs::metadata(folder.join(file)).unwrap().len(), "{file}");
        }
    }
}
