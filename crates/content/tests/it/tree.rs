//! A small content tree without a fault, and ways to spoil it.

use jobfuture_content::{Library, lint};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

pub struct Tree(TempDir);

const COMPETENCIES: &str = r#"[[competency]]
id = "asking"
name = "Asking"
can = "Asks the database once."

[[competency]]
id = "doing"
name = "Doing"
can = "Changes a view."
requires = ["asking"]
"#;

const GUIDE: &str = r#"id = "first"
title = "First guide"
summary = "A guide."
project = "desk"
licence = "CC-BY-SA-4.0"
authors = ["JobFuture contributors"]
next = [{ to = "section:first/basics", why = "Begin here." }]
"#;

const SECTION: &str = r#"+++
title = "Basics"
summary = "What comes first."
competencies = ["asking"]
next = [{ to = "task:small", why = "Do it." }, { to = "task:watch", why = "Watch it." }]
+++
An introduction that leads [on](task:small).

## When is `SQL` sent? {#when-sent level=junior}

### Why it is asked
To know.

### A strong answer
When rows are needed:

```python proof=when-sent statements=1
from shop.models import Thing

print(len(Thing.objects.all()))
```
```output
3
```

See [the same](question:first/when-sent).

### A weak answer
"At once."

### Follow-up
And when not?

### Sources
- Django documentation, [QuerySets](https://docs.djangoproject.com/en/5.2/ref/models/querysets/)
"#;

const TASK: &str = r#"uuid = "01920000-0000-7000-8000-000000000001"
version = 1
status = "active"
title = "A small task"
summary = "Small."
project = "desk"
kind = "serve"
licence = "CC-BY-SA-4.0"
authors = ["JobFuture contributors"]
competencies = [{ id = "doing", weight = 0.6 }, { id = "asking", weight = 0.4 }]
difficulty = { mean = 0.0, sd = 1.0, source = "expert" }
minutes = { junior = 30, middle = 20, senior = 10 }
next = [{ to = "guide:first", why = "Read on." }]

[facts]
some_thing = "select id from shop_thing limit 1"
"#;

const PROMPT: &str = r#"A desk shows things. See [the guide](question:first/when-sent).

### R1: A page holds {{ size }} things
So it does.

### R2: A thing can be bought
Once.
"#;

const QUESTION: &str = r#"id = "page-statements"
asks = "statements"
prompt = """
How many statements does a page of {{ size }} things take, **{{ some_thing }}** among {{ all }}?
"""
explanation = """
It took {{ answer }}. See [the guide](question:first/when-sent).
"""

[facts]
all = "select count(*) from shop_thing"

[[step]]
sql = "update shop_thing set label = 'x' where id = :some_thing"

[observe]
request = "GET /things/?size={{ size }}"
as = "ada"
"#;

impl Tree {
    /// Content in which nothing is wrong.
    pub fn whole() -> Self {
        let tree = Self(TempDir::new().unwrap());
        tree.write("competencies.toml", COMPETENCIES);
        tree.write("guides/first/guide.toml", GUIDE);
        tree.write("guides/first/01-basics.md", SECTION);
        tree.project();
        tree.small();
        tree.watch();
        tree
    }

    fn project(&self) {
        let manifest = "id = \"desk\"\ntitle = \"Desk\"\nsummary = \"A desk.\"\nsettings = \"desk.settings\"\nfixture = \"desk.fixture:load\"\npeople = [\"ada\"]\n";
        self.write("projects/desk/project.toml", manifest);
        for file in [
            "manage.py",
            "requirements.lock",
            "desk/__init__.py",
            "desk/settings.py",
            "desk/fixture.py",
            "shop/views.py",
            "shop/urls.py",
        ] {
            self.write(&format!("projects/desk/{file}"), "# here\n");
        }
    }

    fn small(&self) {
        let at = |name: &str| format!("tasks/small/{name}");
        self.write(&at("task.toml"), TASK);
        self.write(&at("prompt.md"), PROMPT);
        self.write(
            &at("variant.toml"),
            "[parameters.size]\nint = [3, 5]\n\n[parameters.label]\nchoose = [\"shelf\", \"place\", \"spot\"]\n",
        );
        self.write(&at("world.sql"), "insert into shop_thing (label) values ('{{ label }}');\n");
        self.write(
            &at("editable.toml"),
            "editable = [\"shop/views.py\", \"shop/queries/*.py\"]\nopen_first = \"shop/views.py\"\n",
        );
        self.write(&at("starter/shop/views.py.jinja"), "SIZE = {{ size }}\n");
        self.write(&at("starter/shop/queries/__init__.py"), "");
        self.write(&at("behaviours/B1-page.toml"), "id = \"page\"\nkind = \"http\"\nrequirement = \"R1\"\ntitle = \"A page is right\"\n\n[[step]]\nrequest = \"GET /things/\"\nstatus = 200\n\n[[step.json]]\nat = \"$\"\ncount = {{ size }}\n");
        self.write(&at("behaviours/B2-buy.toml"), "id = \"buy\"\nkind = \"database_effect\"\nrequirement = \"R2\"\ntitle = \"A thing is bought once\"\n\n[[step]]\nrequest = \"POST /things/{{ some_thing }}/buy/\"\nsave = { sale = \"$.id\" }\n\n[[step]]\nrequest = \"GET /sales/{{sale}}/\"\n");
        self.write(&at("explain-back/Q1-page-statements.toml"), QUESTION);
        self.write(&at("explain-back/Q2-bought-twice.toml"), "id = \"bought-twice\"\nasks = \"status\"\noptions = [200, 201, 409]\nprompt = \"`{{ some_thing }}` is bought twice. Which status?\"\nexplanation = \"{{ answer }}.\"\n\n[[step]]\nrequest = \"POST /things/{{ some_thing }}/buy/\"\nas = \"ada\"\nsave = { sale = \"$.id\" }\n\n[observe]\nrequest = \"POST /things/{{ some_thing }}/buy/?after={{ sale }}\"\nas = \"ada\"\n");
        self.write(&at("hints.md"), "## Look\nAt the view.\n\n## Write\n`[:{{ size }}]`\n");
        self.write(&at("explain.md"), "It was about slices of {{ size }}.\n");
        self.write(&at("design.md"), "Small on purpose.\n");
        let mut expected = "[starter]\nfails = [\"page\", \"buy\"]\n".to_owned();
        for (name, outcome) in [
            ("accepted/slice", "fails = []"),
            ("accepted/pager", "fails = []"),
            ("mutants/no-page", "fails = [\"page\"]"),
            ("mutants/no-buy", "fails = [\"buy\"]"),
            ("mutants/late", "fails = [\"page\"]"),
            ("mutants/twice", "fails = [\"buy\"]"),
            ("mutants/never", "fails = [\"page\", \"buy\"]"),
            ("mutants/less", "fails = [\"page\"]"),
            ("slow/loop", "stopped = \"cpu\""),
            ("hostile/exit", "stopped = \"exit\""),
        ] {
            self.write(&at(&format!("submissions/{name}/shop/views.py.jinja")), "SIZE = {{ size }} + 0\n");
            expected += &format!("\n[submissions.\"{name}\"]\n{outcome}\n");
        }
        self.write(&at("expected.toml"), &expected);
    }

    /// A task about testing.
    fn watch(&self) {
        let at = |name: &str| format!("tasks/watch/{name}");
        let task =
            TASK.replace("000001\"", "000002\"").replace("\"serve\"", "\"tests\"").replace("A small task", "Watch");
        self.write(&at("task.toml"), &task);
        self.write(&at("prompt.md"), "Test the desk.\n\n### R1: What breaks is seen\nSo it is.\n");
        self.write(&at("editable.toml"), "editable = [\"tests/test_*.py\"]\nopen_first = \"tests/test_desk.py\"\n");
        self.write(&at("behaviours/B1-sees.toml"), "id = \"sees\"\nkind = \"tests_kill_mutants\"\nrequirement = \"R1\"\ntitle = \"A break is seen\"\nlive = [\"correct-original\"]\nkill = [\"sells-twice\"]\n");
        for (name, count) in [("Q1-requests", "requests"), ("Q2-tests", "tests")] {
            self.write(&at(&format!("explain-back/{name}.toml")), &format!("id = \"{count}\"\nasks = \"number\"\nprompt = \"How many {count}?\"\nexplanation = \"{{{{ answer }}}}.\"\n\n[observe]\ntests = {{ against = \"correct-original\", count = \"{count}\" }}\n"));
        }
        self.write(&at("testmutants/correct-original/shop/views.py"), "# right\n");
        self.write(&at("testmutants/sells-twice/shop/views.py"), "# wrong\n");
        for name in ["hints.md", "explain.md", "design.md"] {
            self.write(&at(name), "## Look\nAt it.\n");
        }
        let mut expected = "[starter]\nfails = [\"sees\"]\n".to_owned();
        for number in 1..=8 {
            let (name, fails) = if number < 3 {
                (format!("accepted/a{number}"), "")
            } else {
                (format!("mutants/m{number}"), "\"sees\"")
            };
            self.write(&at(&format!("submissions/{name}/tests/test_desk.py")), "# a test\n");
            expected += &format!("\n[submissions.\"{name}\"]\nfails = [{fails}]\n");
        }
        self.write(&at("expected.toml"), &expected);
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        self.write_bytes(path, text.as_bytes());
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces a text that must be there.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        assert!(text.contains(from), "{path} does not hold {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub fn append(&self, path: &str, more: &str) {
        let text = fs::read_to_string(self.root().join(path)).unwrap();
        self.write(path, &(text + more));
    }

    pub fn remove(&self, path: &str) {
        let path = self.root().join(path);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    pub fn read(&self) -> Library {
        Library::read(self.root()).unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// All faults, of reading or else of the lint, one to a line.
    pub fn faults(&self) -> String {
        match Library::read(self.root()) {
            Err(faults) => faults.to_string(),
            Ok(library) => lint(&library).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// A way to spoil a tree, and every fault that is then named.
pub struct Case {
    pub what: &'static str,
    pub spoil: fn(&Tree),
    pub says: &'static str,
}

/// Runs all cases and shows every one that differs, so that one run tells all.
pub fn check(cases: &[Case]) {
    let mut wrong = String::new();
    for case in cases {
        let tree = Tree::whole();
        (case.spoil)(&tree);
        let found = tree.faults();
        if found != case.says.trim() {
            wrong += &format!("== {}\n{found}\n", case.what);
        }
    }
    assert!(wrong.is_empty(), "these cases say something else:\n{wrong}");
}
