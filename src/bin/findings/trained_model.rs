//! An embedded model that is studied.

use std::path::Path;

use cam_lucida::cam::{ClassSum, Method, Settings};
use cam_lucida::picture::Preprocess;
use cam_lucida::scenes::Scene;
use cam_lucida::train::{RECIPES, Recipe};
use cam_lucida::weights::Card;
use cam_lucida::{Device, Explanation, Input, Model, Request};
use pollster::block_on;

use crate::Failure;

/// A model, and the recipe that it was trained by.
pub struct TrainedModel {
    /// How it was trained.
    pub recipe: &'static Recipe,
    /// The model.
    pub model: Model,
}

impl TrainedModel {
    /// The models of world `data` that have a folder in `models`, in the order in which they are offered.
    pub fn all(models: &Path, data: &str) -> Result<Vec<Self>, Failure> {
        let there = |recipe: &&Recipe| {
            recipe.world.data() == data && models.join(recipe.name).join("config.json").is_file()
        };
        RECIPES.iter().filter(there).map(|recipe| Self::read(models, recipe)).collect()
    }

    /// The model of `recipe`, which has a folder in `models`.
    pub fn read(models: &Path, recipe: &'static Recipe) -> Result<Self, Failure> {
        let read = |name: &str| {
            let path = models.join(recipe.name).join(name);
            std::fs::read(&path).map_err(|error| format!("{} cannot be read ({error})", path.display()))
        };
        let config = String::from_utf8(read("config.json")?)?;
        let preprocessor = String::from_utf8(read("preprocessor_config.json")?)?;
        let card = Card::read(&config, Some(&preprocessor))?;
        let model = block_on(Model::load(&Device::cpu(), card, read("model.safetensors")?))?;
        Ok(Self { recipe, model })
    }

    /// What the network is shown of a scene.
    pub fn input(&self, scene: &Scene) -> Result<Input, Failure> {
        Ok(self.model.input(&scene.picture, Preprocess::Squash)?)
    }

    /// Heatmaps of `methods`, for each of `classes` or else for the predicted one.
    pub fn explain(
        &self,
        input: &Input,
        methods: &[&'static Method],
        classes: &[usize],
        settings: &Settings,
    ) -> Result<Explanation, Failure> {
        let (classes, methods) = (ClassSum::each(classes.iter().copied()), methods.to_vec());
        let request = Request { classes, methods, settings: settings.clone(), ..Request::default() };
        Ok(block_on(self.model.explain(input, &request))?)
    }
}
