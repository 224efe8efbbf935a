//! What is visited, and what is to be seen there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::paths::workspace;

/// A visit.
pub(super) struct Scenario {
    pub name: &'static str,
    pub page: PageName,
    /// What follows the page's name in the address.
    pub address: &'static str,
    /// Width and height in pixels.
    pub window: (u32, u32),
    /// Of the browser.
    pub flags: &'static [&'static str],
    /// A JavaScript expression, in which `seen` is of probe.js.
    pub script: &'static str,
    /// Its value in JSON.
    pub expected: &'static str,
}

/// The pages that are visited.
#[derive(Clone, Copy)]
pub(super) enum PageName {
    /// Four versions of a small API with hostile names.
    Pets,
    /// Seven operations that AppStream once got.
    AppStream,
}

/// The texts of the pages.
pub(super) struct Pages {
    pets: String,
    appstream: String,
}

impl Pages {
    pub fn of(&self, scenario: &Scenario) -> &str {
        match scenario.page {
            PageName::Pets => &self.pets,
            PageName::AppStream => &self.appstream,
        }
    }
}

/// Writes the pages with `changelog`, which takes the arguments of that command.
pub(super) fn pages(folder: &Path, changelog: impl Fn(&[&str]) -> Result<String>) -> Result<Pages> {
    let history = folder.join("history");
    for (version, model) in history_of_pets() {
        let folder = history.join(version).join("pets/2020-01-01");
        fs::create_dir_all(&folder).map_err(|e| Failure::io("create", &folder, &e))?;
        let file = folder.join("service-2.json");
        fs::write(&file, model.to_string()).map_err(|e| Failure::io("write", &file, &e))?;
    }
    let dates = history.join("versions.tsv");
    fs::write(&dates, "1.0.0\t2020-01-01\n2.0.0\t2020-03-01\n").map_err(|e| Failure::io("write", &dates, &e))?;
    let real = workspace().join("codegen/tests/diff/models");
    let [old, new] = ["1.7.19", "1.7.20"].map(|version| real.join(version).display().to_string());
    Ok(Pages {
        pets: changelog(&["--format", "html", "--history", &history.display().to_string()])?,
        appstream: changelog(&["--format", "html", &old, &new])?,
    })
}

/// Names that would be more than text, if they could.
const HOSTILE: [&str; 2] = [
    "</code></pre><script>document.documentElement.dataset.broken = 1</script>",
    "\"><img src=x onerror='document.documentElement.dataset.broken = 1'>",
];

fn history_of_pets() -> [(&'static str, Value); 4] {
    let first = json!({
        "metadata": {"apiVersion": "2020-01-01", "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets",
            "serviceFullName": "Pets & <b>Co</b>"},
        "operations": {
            "Feed": {"input": {"shape": "FeedRequest"}, "output": {"shape": "FeedResult"}},
            "Ping": {}
        },
        "shapes": {
            "FeedRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "FeedResult": {"type": "structure", "members": {"Mood": {"shape": "Mood"}, "Weight": {"shape": "Text"}}},
            "Mood": {"type": "string", "enum": ["GOOD", "SAD"]},
            "PetRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "Text": {"type": "string"}
        }
    });
    let mut second = first.clone();
    second["operations"]["Pet"] = json!({"input": {"shape": "PetRequest"}});
    second["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD", "BAD"]);
    let mut third = second.clone();
    third["operations"] = json!({"Feed": first["operations"]["Feed"], "Pet": second["operations"]["Pet"]});
    third["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD"]);
    third["shapes"]["FeedResult"]["members"] = json!({"Mood": {"shape": "Mood"}});
    let mut fourth = third.clone();
    fourth["shapes"]["Mood"]["enum"] = json!(["GOOD", "SAD", "BAD", HOSTILE[0], HOSTILE[1]]);
    fourth["shapes"]["Text"]["pattern"] = json!(HOSTILE[0]);
    [("1.0.0", first), ("1.1.0", second), ("2.0.0", third), ("2.1.0", fourth)]
}

const DESKTOP: (u32, u32) = (1200, 900);
const DARK: &[&str] = &["--blink-settings=preferredColorScheme=0"];
const LIGHT: &[&str] = &["--blink-settings=preferredColorScheme=1"];

/// What a page must have in any window and colour.
const LOOKS: &str = "(seen.openAll(), {pale: seen.pale(), tooWide: seen.tooWide(), \
    page: document.documentElement.scrollWidth <= innerWidth, inner: innerWidth, \
    back: getComputedStyle(document.body).backgroundColor})";

/// All visits.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "newest first, nothing open",
        page: PageName::Pets,
        address: "",
        window: DESKTOP,
        flags: &[],
        script: "{releases: seen.releases(), open: seen.open(), count: seen.count(), \
            hits: document.documentElement.dataset.hits ?? null, form: document.getElementById('search').hidden}",
        expected: r#"{"releases": ["2.1.0", "2.0.0", "1.1.0"], "open": [], "count": "3 releases", "hits": null, "form": false}"#,
    },
    Scenario {
        name: "names of a model are text",
        page: PageName::Pets,
        address: "",
        window: DESKTOP,
        flags: &[],
        script: "(seen.openAll(), {broken: document.documentElement.dataset.broken ?? null, \
            elements: document.querySelectorAll('img, b, iframe, object').length, scripts: document.scripts.length, \
            title: document.title, shown: document.body.innerText.split('onerror=').length - 1})",
        expected: r#"{"broken": null, "elements": 0, "scripts": 2, "title": "Pets & <b>Co</b>, 1.0.0 to 2.1.0", "shown": 2}"#,
    },
    Scenario {
        name: "links lead somewhere and have names",
        page: PageName::Pets,
        address: "",
        window: DESKTOP,
        flags: &[],
        script: "{astray: seen.astray(), nameless: seen.nameless(), links: document.links.length > 20}",
        expected: r#"{"astray": [], "nameless": [], "links": true}"#,
    },
    Scenario {
        name: "a query in the address",
        page: PageName::Pets,
        address: "?q=weight",
        window: DESKTOP,
        flags: &[],
        script: "{items: seen.items(), open: seen.open(), count: seen.count(), releases: seen.releases(), \
            hits: document.documentElement.dataset.hits, field: document.getElementById('q').value}",
        expected: r#"{"items": ["2.0.0-Feed", "2.0.0-member-removed-output-FeedResult.Weight"], "open": ["2.0.0-Feed"],
            "count": "2 hits in 1 release", "releases": ["2.0.0"], "hits": "2", "field": "weight"}"#,
    },
];
