//! Templates of one variant: minijinja with the variant's parameters, strict about whatever is undefined.

use crate::fault::Fault;
use crate::variant::Parameters;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, Value};
use minijinja::{Environment, Error, UndefinedBehavior};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Renders templates of one variant.
pub(crate) struct Templates {
    environment: Environment<'static>,
    values: BTreeMap<String, Value>,
}

impl Templates {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let values = parameters.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
        Self { environment, values }
    }

    /// Renders a text in which parameters may stand and nothing else.
    pub(crate) fn render(&self, file: &Path, text: &str) -> Result<String, Fault> {
        // Most files hold no template: they are passed on as they are.
        if !["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) {
            return Ok(text.to_owned());
        }
        let values = Value::from(self.values.clone());
        self.environment.render_str(text, values).map_err(|error| fault(file, text, &error))
    }

    /// Renders a behaviour. A name that is no parameter stands for a value that the run will bring, and is written
    /// as its own placeholder, `{{ name }}`. Gives the text and these names.
    ///
    /// The value of such a name, while rendering, *is* the text `{{ name }}`; so it can be put somewhere, and
    /// cannot be reckoned with.
    pub(crate) fn render_keeping(&self, file: &Path, text: &str) -> Result<(String, BTreeSet<String>), Fault> {
        let context = Arc::new(Keeping {
            values: self.values.clone(),
            globals: self.environment.globals().map(|(name, _)| name.to_owned()).collect(),
            kept: Mutex::default(),
        });
        let value = Value::from_dyn_object(Arc::clone(&context));
        let rendered = self.environment.render_str(text, value).map_err(|error| fault(file, text, &error))?;
        let kept = std::mem::take(&mut *context.kept.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((rendered, kept))
    }
}

/// Parameters, and placeholders for every other name.
#[derive(Debug)]
struct Keeping {
    values: BTreeMap<String, Value>,
    /// `range` and the like, which are minijinja's to answer.
    globals: BTreeSet<String>,
    kept: Mutex<BTreeSet<String>>,
}

impl Object for Keeping {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        if let Some(value) = self.values.get(name) {
            return Some(value.clone());
        }
        if self.globals.contains(name) {
            return None;
        }
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        Some(Value::from(format!("{{{{ {name} }}}}")))
    }
}

fn plain(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64()),
        },
        serde_json::Value::Bool(truth) => Value::from(*truth),
        other => Value::from(other.to_string()),
    }
}

fn fault(file: &Path, text: &str, error: &Error) -> Fault {
    let line = error.line().unwrap_or(1);
    let what = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    // minijinja does not always name what was undefined; the place in the text does.
    let place = error.range().and_then(|range| text.get(range)).map(str::trim);
    let place = place.filter(|at| !at.is_empty() && !at.contains('\n') && !what.contains(at));
    let place = place.map(|at| format!(" at `{at}`")).unwrap_or_default();
    let mend =
        "Use the parameters of variant.toml only; write {% raw %}…{% endraw %} around braces that are meant as text";
    Fault::new(file, line, format!("The template does not render: {what}{place}"), mend)
}
